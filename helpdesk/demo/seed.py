"""The demo's first tickets, one or more in every state, by the real road: mail, pipeline, an agent at work."""

import logging

from helpdesk.demo import letters
from helpdesk.demo.story import BrokenOff, Story
from helpdesk.demo.write import EndUserMail, reply_to
from helpdesk.outbound.kinds import Kind
from helpdesk.tickets.states import State

log = logging.getLogger(__name__)

FIRST_MAILS: dict[str, EndUserMail] = {
    "password": letters.PASSWORD,
    "laptop": letters.LAPTOP,
    "smartcard": letters.SMARTCARD,
    "vpn": letters.VPN,
    "monitor": letters.MONITOR,
    "shared folder": letters.SHARED_FOLDER,
    "missent": letters.MISSENT,
    "out of office": letters.OUT_OF_OFFICE,
    "starter": letters.STARTER,
    "printer": letters.PRINTER,
}


def seed(story: Story) -> None:
    """Tell all that was not told yet. Returns early when the demo stops."""
    try:
        for name, mail in FIRST_MAILS.items():
            story.post(name, mail)
        for tell in (_closed, _resolved, _in_progress, _third_party, _waiting_user, _assigned):
            tell(story)
        _reply_after_resolution(story)
        _reply_in_progress(story)
    except BrokenOff:
        log.warning("The demo's first tickets are not all there; the next start goes on with them.")
        return
    log.info("The demo's first tickets are there.")


def _of(story: Story, name: str) -> int:
    return story.ticket(name, FIRST_MAILS[name])


def _closed(story: Story) -> None:
    ticket = _of(story, "password")
    with story.chapter("password resolved") as new:
        if new:
            story.agent.resolve(
                ticket,
                "Press Ctrl, Alt and Delete together and choose 'Change a password'. It takes effect at once.",
            )
    with story.chapter("password closed") as new:
        if new:
            story.agent.move(ticket, State.CLOSED)


def _resolved(story: Story) -> None:
    ticket = _of(story, "laptop")
    with story.chapter("laptop resolved") as new:
        if new:
            story.agent.resolve(
                ticket,
                "We have cleared the disk and installed the pending updates by remote session. "
                "It starts in under a minute now.",
            )


def _in_progress(story: Story) -> None:
    ticket = _of(story, "smartcard")
    with story.chapter("smartcard answered") as new:
        if new:
            story.agent.reply(
                ticket,
                "Please come to the Registration Authority desk on the ground floor with your staff badge. "
                "Unlocking takes five minutes.",
                State.IN_PROGRESS,
            )


def _third_party(story: Story) -> None:
    ticket = _of(story, "vpn")
    with story.chapter("vpn passed on") as new:
        if new:
            story.agent.note(
                ticket, "The supplier confirms a fault in Monday's release. Their reference: SUP-20871."
            )
            story.agent.reply(
                ticket,
                "Our supplier has found a fault in Monday's update and works on a correction. "
                "We will write again as soon as we have it.",
                State.WAITING_THIRD_PARTY,
            )


def _waiting_user(story: Story) -> None:
    ticket = _of(story, "monitor")
    with story.chapter("monitor asked back") as new:
        if new:
            story.agent.reply(
                ticket, "Happy to help. Which room is it, and which cost centre pays?", State.WAITING_USER
            )


def _assigned(story: Story) -> None:
    ticket = _of(story, "shared folder")
    with story.chapter("shared folder assigned") as new:
        if new:
            story.agent.assign(ticket)


def _reply_after_resolution(story: Story) -> None:
    """It is kept aside, and the 'Next Ticket Action' guidance goes out."""
    resolution = story.received(_of(story, "laptop"), Kind.RESOLUTION)
    text = "Thank you! It was fine this morning, but now it is slow again." + letters.LENA.signature
    mail = reply_to(resolution, text, letters.LENA.name)
    story.post("laptop still slow", mail)
    story.ticket("laptop still slow", mail)


def _reply_in_progress(story: Story) -> None:
    answer = story.received(_of(story, "smartcard"), Kind.REPLY)
    text = "Thank you, I will be there at two o'clock." + letters.GRACE.signature
    mail = reply_to(answer, text, letters.GRACE.name)
    story.post("smartcard two o'clock", mail)
    story.ticket("smartcard two o'clock", mail)
