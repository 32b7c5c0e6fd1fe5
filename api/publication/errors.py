"""What goes wrong where many machines build, as an exception with a sentence in Chinese and in English."""

from __future__ import annotations

from ontology.errors import ZhengceError


class ClusterError(ZhengceError):
    """A cluster that cannot be used; ``address`` is its scheduler's. What was built before is kept, and the next run goes on from there."""

    def __init__(self, address: str, zh: str, en: str) -> None:
        self.address = address
        super().__init__(f"集群 {address}：{zh}。", f"Cluster {address}: {en}.")

    @classmethod
    def not_installed(cls, error: ImportError) -> ClusterError:
        """The library is not here."""
        return cls("—", f'缺少 {error.name}，请 pip install "zhengce[cluster]"', f'{error.name} is missing: pip install "zhengce[cluster]"')

    @classmethod
    def other_program(cls, worker: str, there: str, here: str) -> ClusterError:
        """A worker would build something else than the program here."""
        return cls(worker, f"那里的程序或词表是 {there}，这里是 {here}", f"program or vocabulary there is {there}, here {here}")

    @classmethod
    def no_worker(cls, address: str, seconds: float) -> ClusterError:
        """Nobody builds."""
        zh, en = (
            f"{seconds:g} 秒没有工作进程；已建成的留着，再运行一次就接着做",
            f"no worker for {seconds:g} seconds; what was built is kept, run it again",
        )
        return cls(address, zh, en)

    @classmethod
    def of(cls, address: str, error: Exception) -> ClusterError:
        """What the cluster said."""
        said = " ".join(str(error).split())[:300].removesuffix(".") or type(error).__name__
        return cls(address, f"无法使用（{said}）", f"it cannot be used ({said})")
