"""Running the road of a scene in this process."""

from helpdesk.ingest.pipeline import Pipeline, make_pipeline
from helpdesk.ingest.prepare import Preparer, Scans
from helpdesk.services import Services
from tests.support.zygote import turn


def pipeline_of(services: Services, scanner: Scans) -> Pipeline:
    return make_pipeline(services, preparer=Preparer(services.settings, services.tokens, scanner))


def until_done(services: Services, scanner: Scans) -> None:
    """Poll, process and deliver until nothing is left."""
    pipeline = pipeline_of(services, scanner)
    while not turn(services, pipeline):
        pass
