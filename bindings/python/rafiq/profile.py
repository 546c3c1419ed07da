"""A profile as Python likes it: a context manager, changes to iterate over, an exchange in one call."""

import threading

from . import rafiq_ffi as ffi
from .carrier import http_carrier


def inspect(folder, vault=None):
    """What lies in a profile's folder, without changing anything: a `ProfileState`."""
    folder = str(folder)
    return ffi.inspect_profile(folder, vault or ffi.file_key_vault(folder))


def profiles(root):
    """The profiles in the folders directly under `root`, each with a store, a key and a passphrase of its own: a list of `StoredProfile`."""
    return ffi.list_profiles(str(root))


def new_profile(root):
    """A place under `root` for one more profile. Nothing is written: `open` makes it there, and from then on it is listed."""
    return ffi.new_profile(str(root))


def open(folder, vault=None, passphrase=None, *, clock=None, random=None, models=(), progress=None):
    """Opens the profile in a folder, or makes one in an empty folder.

    Without a `vault` the platform's secret lies in a file in the folder, readable by its owner alone: a passphrase is what helps
    against whoever has both. `clock` and `random` are the system's; `models` are the TOML texts of further support models.
    """
    folder = str(folder)
    vault = vault or ffi.file_key_vault(folder)
    core = ffi.Rafiq.open(
        folder, vault, passphrase=passphrase, clock=clock, random=random, models=list(models), progress=progress)
    return Rafiq(core)


def change_passphrase(folder, old=None, new=None, vault=None):
    """Sets, changes or (without a `new` one) takes away a profile's passphrase. After an error the old one holds."""
    ffi.change_passphrase(str(folder), vault or ffi.file_key_vault(str(folder)), old, new)


def set_aside(folder, passphrase=None, vault=None):
    """Puts a damaged store aside (nothing is deleted), so that the next `open` begins a fresh one: where it went."""
    return ffi.set_profile_aside(str(folder), vault or ffi.file_key_vault(str(folder)), passphrase)


def wipe(folder, vault=None):
    """Forgets a profile: key, then store. Ask twice first. If it fails, call it again until it does not."""
    ffi.wipe_profile(str(folder), vault or ffi.file_key_vault(str(folder)))


def say(language, message, **args):
    """One sentence in a language (BCP 47): texts and counts by name."""
    return ffi.Language.open(language).text(message, {name: _arg(value) for name, value in args.items()}).text


class Rafiq:
    """One person's profile. Use `rafiq.open`."""

    def __init__(self, core):
        self._core = core
        self._exchanging = threading.Lock()
        self.people = core.people()
        self.check_ins = core.check_ins()
        self.groups = core.groups()
        self.mentoring = core.mentoring()
        self.directory = core.directory()
        self.safety = core.safety()
        self.recovery = core.recovery()
        self.sharing = core.sharing()
        self.sync = core.sync()
        self.today = core.today()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        """Closes the files and gives the folder free. Later calls raise `RafiqError.Closed`. Idempotent."""
        self._core.shutdown()

    def suspend(self):
        """Closes the files until `resume`."""
        self._core.suspend()

    def resume(self):
        """Opens the files again."""
        self._core.resume()

    def support_models(self):
        """The support models that can be used."""
        return self._core.support_models()

    def model_texts(self, language):
        """What support models given to `open` say in their own files and `language` (BCP 47) does not: a `Spoken` by message id. To be looked
        into before `Language.texts`, which does not know these."""
        return self._core.model_texts(language)

    def exchange(self, relay=None, *, budget=512 * 1024, metered=False, rounds=16, carrier=http_carrier):
        """Exchanges with a relay, or with all of this profile's, until nothing is left to do: a list of `Received`.

        `metered`: the line costs by the byte, and what is large waits unless the person said otherwise (`sync.set_metered_line`).
        `carrier` takes an `Exchange` and gives the answer's bytes. Where it raises, what was received stays, and the next exchange
        goes on from there. One exchange at a time: a second call waits for the first.
        """
        received = []
        with self._exchanging:
            for url in [relay] if relay else self.sync.relays():
                for _ in range(rounds):
                    exchange = self.sync.next_exchange(url, ffi.Budget(bytes=budget, metered=metered))
                    received.append(self._core.receive(carrier(exchange)))
                    if not received[-1].again:
                        break
        return received

    def recover(self, words, relay, *, carrier=http_carrier):
        """On a new device: finds the personal space of a recovery kit. Then this profile is the person's, under the name that they had; what
        they have written comes with the next `exchange`, and once all of it is here (`recovery.is_reading`) their lost phone is taken out.
        Where `carrier` raises nothing has changed, and one may try again. `RafiqError.Invalid` with `words` and `no-kit`: this relay knows
        no kit of these words.
        """
        with self._exchanging:
            exchange = self.recovery.begin(words, relay)
            try:
                while exchange is not None:
                    exchange = self.recovery.take(carrier(exchange))
            finally:
                self.recovery.give_up()

    def write_bundle(self, target, *, spaces=(), carried=False):
        """Writes what is to be shared to a file, or to a binary stream: a `BundleWritten`. See `SyncEngine.write_bundle`."""
        if hasattr(target, "write"):
            return self.sync.stream_bundle(_Sink(target), list(spaces), carried)
        return self.sync.write_bundle(str(target), list(spaces), carried)

    def read_bundle(self, source):
        """Reads a bundle from a file or a binary stream: a `BundleReport`, with what of it was damaged."""
        if hasattr(source, "read"):
            return self._core.read_bundle_source(_Source(source))
        return self._core.read_bundle(str(source))

    def changes(self):
        """What changes from now on; see `Changes`."""
        return Changes(self._core)

    def watch(self, query):
        """What `query` answers, now and after every change, for as long as it is iterated over."""
        with self.changes() as changes:
            yield query()
            for _ in changes:
                yield query()

    def panic_for_tests(self):
        """A bug of ours, in the middle of a write; for tests."""
        self._core.panic_for_tests()


class Changes:
    """Changes to iterate over, in any thread: each element is the list of `Changed` since the last one, merged by noun, however slow
    the reader. Ends when closed."""

    def __init__(self, core):
        self._pending = {}
        self._closed = False
        self._wake = threading.Condition()
        self._subscription = core.subscribe(_Listener(self))

    def __iter__(self):
        return self

    def __next__(self):
        changed = self.next()
        if changed is None:
            raise StopIteration
        return changed

    def next(self, timeout=None):
        """The next element; None when closed, or after `timeout` seconds without a change."""
        with self._wake:
            self._wake.wait_for(lambda: self._pending or self._closed, timeout)
            if self._closed or not self._pending:
                return None
            pending, self._pending = self._pending, {}
            return [ffi.Changed(noun=noun, keys=list(keys or [])) for noun, keys in pending.items()]

    def close(self):
        """No more changes. Idempotent."""
        self._subscription.cancel()
        with self._wake:
            self._closed = True
            self._wake.notify_all()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def _heard(self, changes):
        with self._wake:
            for changed in changes:
                keys = self._pending.get(changed.noun, {})
                everything = keys is None or not changed.keys or len(keys) + len(changed.keys) > 100
                self._pending[changed.noun] = None if everything else {**keys, **dict.fromkeys(changed.keys)}
            self._wake.notify_all()


class _Listener(ffi.ChangeListener):
    def __init__(self, changes):
        self._changes = changes

    def changed(self, changes):
        self._changes._heard(changes)


class _Sink(ffi.ByteSink):
    def __init__(self, stream):
        self._stream = stream

    def write(self, bytes):
        self._stream.write(bytes)


class _Source(ffi.ByteSource):
    def __init__(self, stream):
        self._stream = stream

    def read(self, max):
        return self._stream.read(max)


def _arg(value):
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return value  # an Arg
    return ffi.Arg.NUMBER(value) if isinstance(value, int) else ffi.Arg.TEXT(value)
