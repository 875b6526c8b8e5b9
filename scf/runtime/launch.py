"""From nothing to a running stack, and back: the order of things."""

import shutil
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from scf.runtime import processes, report
from scf.runtime.home import Home, StackError
from scf.runtime.parts import Part, Program, manage
from scf.runtime.stack import DATABASE, Stack
from scf.runtime.supervisor import Supervisor
from scf.runtime.world import AFTERWORDS, REHEARSALS, WORLDS, Command

ENGINES_WITHIN = 120.0  # seconds the engines have to answer
PROGRAMS_WITHIN = 180.0  # seconds our own processes have to answer
DOWN_WITHIN = 120.0  # seconds a supervisor has to end its parts
DAY = 86_400
MIGRATE: Command = ("migrate", "--noinput", "--verbosity", "0")
DEPLOY: Command = ("deploy_contracts",)
EXTERNAL = ("DATABASE_URL", "BROKER_URL", "RPC_URL")


def begins(world: str, home: Home) -> int | None:
    """The chain's first second when this start lives a world of the past, else None."""
    back = WORLDS[world].days_back
    return int(time.time()) - back * DAY if back and not home.lived.exists() else None


class Launch:
    """One start of a stack: engines, tables, contracts, programs, world, portals."""

    def __init__(self, stack: Stack, say: report.Progress, *, world: str) -> None:
        self.stack = stack
        self.home = stack.home
        self.say = say
        self.world = world
        self.supervisor = Supervisor(stack.home, say=say)
        self.supervisor.about = {"portal": stack.portal, "world": world}

    def run(self) -> None:
        """Start everything, then watch until a signal ends it. Raises StackError."""
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._asked_to_end)
        first_time = not self.home.lived.exists()
        try:
            self.stack.hold_doors()
            self._start(first_time=first_time)
            self.supervisor.watch()
        except StackError:
            if not self.supervisor.stopping:
                raise
        finally:
            self.say("停止 / stopping")
            self.supervisor.stop()
            self.stack.close_doors()
            self.say("已停止, 状态都保留 / stopped, all state is kept")

    def _start(self, *, first_time: bool) -> None:
        for moved in self.stack.moved:
            self.say(moved)
        self._engines(at_once=first_time)
        self._set_up()
        self.say("签名, 发送, 索引, 任务, 门户 / signer, sender, indexer, worker, beat, portals")
        if first_time:
            self._first_time()
        else:
            self._add([*self.stack.programs(), *self.stack.portals()])
        self.supervisor.wait_for(seconds=PROGRAMS_WITHIN)
        self._run_all(AFTERWORDS)
        self.supervisor.stage = "ready"
        self.supervisor.tick()
        report.tell(report.table(self.home), self.say)
        self.say(f"门户 / portal: {self.stack.portal}")
        self.say("就绪, Ctrl-C 停止 / ready, Ctrl-C stops it (make down when detached)")

    def _engines(self, *, at_once: bool) -> None:
        self.say("数据库, 消息, 链 / database, broker, chain")
        self._add(self.stack.engines(), within=ENGINES_WITHIN)
        if "DATABASE_URL" not in self.stack.given:
            self.stack.cluster.create_database(DATABASE)
        self._produce_blocks(at_once=at_once)

    def _set_up(self) -> None:
        self.say("数据表 / tables")
        self._must(MIGRATE, self.stack.owner_environment)
        self.say("合约 / contracts")
        self._must(DEPLOY, self.stack.environment)

    def _first_time(self) -> None:
        # A world signs, sends and applies in its own process: nobody else does so meanwhile.
        self._live_through()
        self._pace_blocks()
        self._add([*self.stack.programs(), *self.stack.portals()])
        self._run_all(REHEARSALS)

    def _live_through(self) -> None:
        for command in WORLDS[self.world].commands:
            self.say(f"演示数据 / demo world: {' '.join(command)}")
            if self._run(command, self.stack.environment, log=None):
                raise StackError(f"演示数据没有完成 / the demo world failed: {' '.join(command)}")
        self.home.lived.write_text(f"{self.world}\n")

    def _pace_blocks(self) -> None:
        # Seen by people from now on: what was applied must be on disk, so one block a second.
        self.supervisor.remove("blocks")
        self._produce_blocks(at_once=False)

    def _produce_blocks(self, *, at_once: bool) -> None:
        for part in self.stack.producer(at_once=at_once):
            self.supervisor.add(part)

    def _add(self, parts: Sequence[Part], *, within: float = PROGRAMS_WITHIN) -> None:
        for part in parts:
            self.supervisor.add(part)
        self.supervisor.wait_for(*(part.name for part in parts), seconds=within)
        for part in parts:
            self.say(f"  {part.name}  {part.address}")

    def _must(self, command: Command, environment: dict[str, str]) -> None:
        log = self.home.log("setup")
        if self._run(command, environment, log=log):
            lines = log.read_text(errors="replace").splitlines()
            raise StackError(f"manage.py {' '.join(command)}: {' | '.join(lines[-4:])} ({log})")

    def _run_all(self, commands: tuple[Command, ...]) -> None:
        for command in commands:
            if self._run(command, self.stack.environment, log=None):
                self.say(f"没有完成 / failed: manage.py {' '.join(command)}")

    def _run(self, command: Command, environment: dict[str, str], *, log: Path | None) -> int:
        status = self.supervisor.run(Program(manage(*command), log, environment))
        if self.supervisor.stopping:
            raise StackError("已中断 / interrupted")
        return status

    def _asked_to_end(self, _signal: int, _frame: FrameType | None) -> None:
        self.supervisor.stopping = True


def begin_anew_if_unfinished(stack: Stack, say: report.Progress) -> None:
    """Forget a first start that was cut short: a half-lived world is no world.

    Only where every engine is ours; a database of somebody else is never emptied.
    """
    begun = stack.home.folder / "begun"
    ours = not any(name in stack.given for name in EXTERNAL)
    if begun.exists() and not stack.home.lived.exists() and ours:
        say("上次首启未完成, 重新开始 / the first start was not finished: beginning anew")
        for kept in stack.home.folder.iterdir():
            if kept.is_dir() and kept not in (stack.home.logs, stack.home.folder / "home"):
                shutil.rmtree(kept, ignore_errors=True)
    begun.touch()


def bring_down(home: Home) -> bool:
    """End a stack by the pids of its status file, in order; True when there was one.

    A supervisor that runs ends its own parts; what a killed one left is ended here.
    """
    status = home.read_status()
    supervisor = report.supervisor_of(status)
    if supervisor:
        pid, birth = supervisor
        processes.end(pid, birth, first=signal.SIGTERM, seconds=DOWN_WITHIN)
    left = end_leftovers(home.read_status())
    return bool(supervisor or left)


def end_leftovers(status: dict[str, object]) -> int:
    """End what a killed supervisor left running, the last started first; returns how many."""
    ended = 0
    for part in reversed(report.parts_of(status)):
        pid, birth = part["pid"], float(str(part["birth"]))
        if pid is None or not processes.is_running(int(str(pid)), birth):
            continue
        first = signal.Signals(int(str(part["stop_signal"])))
        processes.end(int(str(pid)), birth, first=first, seconds=float(str(part["stop_seconds"])))
        ended += 1
    return ended
