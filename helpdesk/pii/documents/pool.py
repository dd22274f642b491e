"""A small pool of children, shared by the threads of one process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition
from typing import Any

from helpdesk.pii.documents.child import Child, ChildFault
from helpdesk.pii.documents.values import Limits


@dataclass(frozen=True, slots=True)
class Wear:
    """When a child is replaced though it did nothing wrong."""

    documents: int = 200
    memory_mb: int = 700


class Pool:
    """At most `size` children of one kind; more askers wait."""

    def __init__(self, kind: str, size: int, wear: Wear | None = None) -> None:
        self.kind, self.size, self.wear = kind, size, wear or Wear()
        self.started = 0
        self._idle: list[Child] = []
        self._busy = 0
        self._changed = Condition()

    def ask(self, head: dict[str, Any], body: bytes, limits: Limits) -> tuple[dict[str, Any], bytes]:
        """Have one document read; ChildFault when the child did not survive it."""
        with self._child() as child:
            return child.ask(head, body, limits)

    def isolation(self) -> dict[str, bool]:
        """What a child of this kind could give up on this machine."""
        with self._child() as child:
            return dict(child.isolation)

    def close(self) -> None:
        with self._changed:
            idle, self._idle = self._idle, []
        for child in idle:
            child.kill()

    @contextmanager
    def _child(self) -> Iterator[Child]:
        child = self._take()
        try:
            yield child
        except BaseException:
            child.kill()
            self._give_back(None)
            raise
        self._give_back(child)

    def _take(self) -> Child:
        with self._changed:
            self._changed.wait_for(lambda: self._idle or self._busy < self.size)
            self._busy += 1
            if self._idle:
                return self._idle.pop()
        try:
            self.started += 1
            return Child.start(self.kind)
        except BaseException:
            self._give_back(None)
            raise

    def _give_back(self, child: Child | None) -> None:
        worn = child is not None and (
            child.served >= self.wear.documents or child.memory_mb >= self.wear.memory_mb
        )
        if child is not None and worn:
            child.kill()
        with self._changed:
            self._busy -= 1
            if child is not None and not worn:
                self._idle.append(child)
            self._changed.notify()


__all__ = ["ChildFault", "Pool", "Wear"]
