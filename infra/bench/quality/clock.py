"""Wall and CPU time of a piece of work."""

import time


class Clock:
    """Seconds on the wall, and seconds of all threads of this process on the CPU."""

    seconds = cpu_seconds = 0.0

    def __enter__(self) -> "Clock":
        self._began = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds, self.cpu_seconds = time.perf_counter() - self._began[0], time.process_time() - self._began[1]
