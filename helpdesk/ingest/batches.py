"""Mails of a mailbox in the batches that they are fetched, received, processed and moved in."""

from collections.abc import Iterator, Mapping

MAILS_A_BATCH = 200  # so many that the workers seldom wait for the next
BYTES_A_BATCH = 8 * 2**20


def cut(sizes: dict[int, int], breaks: Mapping[int, int]) -> Iterator[dict[int, int]]:
    """Cut into batches of at most MAILS_A_BATCH mails and BYTES_A_BATCH.

    Larger mails, and then those at which the line broke, come last and each alone: a mail that a line or
    server cannot carry must not keep the others from us.
    """
    batch: dict[int, int] = {}
    alone = {uid for uid, size in sizes.items() if breaks.get(uid) or size > BYTES_A_BATCH}
    for uid in sorted(sizes.keys() - alone):
        if batch and (len(batch) == MAILS_A_BATCH or sum(batch.values()) + sizes[uid] > BYTES_A_BATCH):
            yield batch
            batch = {}
        batch[uid] = sizes[uid]
    if batch:
        yield batch
    for uid in sorted(alone, key=lambda uid: (breaks.get(uid, 0), uid)):
        yield {uid: sizes[uid]}
