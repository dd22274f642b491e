"""The page on which a newcomer is the end user: writes mails, reads the answers, replies.

Mounted in the demo only. It sends by SMTP and reads what the SMTP server took, as a mail client would.
"""

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.wrappers import Response

from helpdesk.config import Server
from helpdesk.demo import letters
from helpdesk.demo.examples import EXAMPLES, Example, replies_to
from helpdesk.demo.settings import PEOPLE
from helpdesk.demo.sink import Sink, SunkMail
from helpdesk.demo.write import (
    Attached,
    EndUserMail,
    NotSent,
    files_of,
    html_of,
    reply_address,
    reply_subject,
    reply_to,
    send,
    text_of,
)
from helpdesk.services import Services
from helpdesk.web.access import public
from helpdesk.web.fields import Fields
from helpdesk.web.security import nonce, policy

PAGES = Path(__file__).parent / "pages"
# A mail's HTML: no script, nothing from elsewhere; its links open in a window of their own.
FRAMED = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
only_in_demo = public("demo only: anybody at this machine is the end user")


@dataclass(frozen=True)
class MailClient:
    """What the end user has: a server to send by, and the mails that came."""

    services: Services
    server: Server
    sink: Sink

    def send(self, mail: EndUserMail) -> None:
        """Raises NotSent."""
        send(mail, self.server.host, self.server.port or 0)


def make_blueprint(client: MailClient) -> Blueprint:
    """The pages under /demo."""
    blueprint = Blueprint("demo", __name__, url_prefix="/demo")
    blueprint.record(_add_templates)

    @blueprint.get("/")
    @only_in_demo
    def show() -> str:
        example = EXAMPLES.get(request.args.get("example", ""))
        return _page(client, _form_of(example), example)

    @blueprint.post("/send")
    @only_in_demo
    def send_now() -> Response | tuple[str, int]:
        example = EXAMPLES.get(request.form.get("example", ""))
        form, mail = _written(example)
        if form and _sent(client, mail, form):
            flash("The mail is on its way. Its answer appears below within some seconds.")
            return redirect(url_for("demo.show", _anchor="mails"))
        return _page(client, form, example), 400

    @blueprint.get("/mails")
    @only_in_demo
    def mails() -> str:
        return render_template("demo_mails.jinja", mails=_listed(client))

    @blueprint.get("/mails/<int:number>")
    @only_in_demo
    def read(number: int) -> Response:
        return _mail_page(client, number, Fields())

    @blueprint.post("/mails/<int:number>/reply")
    @only_in_demo
    def reply(number: int) -> Response:
        form = Fields()
        text = form.text("text", "Write your reply")
        if form and _sent(client, reply_to(_mail(client, number), text), form):
            flash("Your reply is on its way.")
            return redirect(url_for("demo.show", _anchor="mails"))
        return _mail_page(client, number, form, status=400)

    @blueprint.get("/mails/<int:number>/html")
    @only_in_demo
    def framed(number: int) -> Response:
        base = '<base target="_blank">'
        answer = make_response(base + html_of(_mail(client, number).message))
        answer.headers["Content-Security-Policy"] = FRAMED
        answer.headers["X-Frame-Options"] = "SAMEORIGIN"
        return answer

    return blueprint


def _add_templates(state: BlueprintSetupState) -> None:
    environment = state.app.jinja_env
    loader = environment.loader
    environment.loader = ChoiceLoader([loader, FileSystemLoader(PAGES)] if loader else [])


def _page(client: MailClient, form: Fields, example: Example | None) -> str:
    desks = [
        (desk.address, f"{desk.name} ({desk.address})") for desk in client.services.settings.desks.values()
    ]
    return render_template(
        "demo_write.jinja",
        form=form,
        example=example,
        examples=EXAMPLES,
        replies=replies_to(client.services, client.sink),
        desks=desks,
        writers=letters.WRITERS,
        mails=_listed(client),
        people=PEOPLE,
    )


def _form_of(example: Example | None) -> Fields:
    mail = example.mail if example else EndUserMail(letters.PRIYA.address, "", "", "", letters.PRIYA.name)
    return Fields(
        {
            "from_address": mail.from_address,
            "from_name": mail.from_name,
            "to": mail.to,
            "subject": mail.subject,
            "text": mail.text,
        }
    )


def _written(example: Example | None) -> tuple[Fields, EndUserMail]:
    form = Fields()
    mail = EndUserMail(
        from_address=form.line("from_address", "Write whom the mail is from"),
        from_name=form.line("from_name"),
        to=form.line("to", "Choose a desk"),
        subject=form.line("subject"),
        text=form.text("text", "Write the mail"),
        files=_files(example),
        headers=example.mail.headers if example else {},
        forged="forged" in request.form,
    )
    return form, mail


def _files(example: Example | None) -> tuple[Attached, ...]:
    uploaded = [file for file in request.files.getlist("file") if file.filename]
    if uploaded:
        return tuple(Attached(str(file.filename), file.read()) for file in uploaded)
    return example.mail.files if example else ()


def _sent(client: MailClient, mail: EndUserMail, form: Fields) -> bool:
    try:
        client.send(mail)
    except NotSent as fault:
        form.errors["text"] = str(fault)
        return False
    return True


def _mail(client: MailClient, number: int) -> SunkMail:
    return client.sink.get(number) or abort(404)


def _listed(client: MailClient) -> list[dict[str, object]]:
    return [
        {
            "number": mail.number,
            "to": mail.to,
            "from": str(mail.message["From"]),
            "subject": str(mail.message["Subject"]),
            "date": mail.message["Date"].datetime,
        }
        for mail in client.sink.all()[:100]
    ]


def _mail_page(client: MailClient, number: int, form: Fields, status: int = 200) -> Response:
    mail = _mail(client, number)
    message = mail.message
    page = render_template(
        "demo_mail.jinja",
        form=form,
        mail=mail,
        subject=str(message["Subject"]),
        sender=str(message["From"]),
        date=message["Date"].datetime,
        text=text_of(message),
        has_html=bool(html_of(message)),
        files=files_of(message),
        reply_subject=reply_subject(str(message["Subject"])),
        reply_address=reply_address(message),
    )
    answer = make_response(page, status)
    answer.headers["Content-Security-Policy"] = policy(nonce()) + "; frame-src 'self'"
    return answer
