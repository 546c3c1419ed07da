"""The Python wrapper against the real library."""

import gc
import io
import itertools
import pathlib
import tempfile
import threading
import time
import unittest

import rafiq
from rafiq import RafiqError

SAMPLE = pathlib.Path(__file__).parents[3] / "tests" / "samples" / "directory" / "services.json"


class MaskVault(rafiq.KeyVault):
    """A platform key of one byte: enough to tell one platform from another."""

    def __init__(self, key=7):
        self.key = key

    def wrap(self, secret):
        return bytes(byte ^ self.key for byte in secret)

    def unwrap(self, wrapped):
        if self.key is None:
            raise rafiq.HostError.KeyGone()
        return self.wrap(wrapped)

    def delete(self):
        self.key = None


class Pieces(rafiq.ByteSource):
    def __init__(self, content, fail_after=None):
        self.content, self.reads, self.fail_after = content, 0, fail_after

    def read(self, max):
        if self.reads == self.fail_after:
            raise ZeroDivisionError("a stack trace nobody should see")
        self.reads += 1
        piece, self.content = self.content[:max], self.content[max:]
        return piece


def check_in(note="", share=None, contact=rafiq.ContactWish.NO):
    return rafiq.NewCheckIn(
        feeling=rafiq.Feeling.GOOD, helps=[rafiq.HelpKind.PRACTICAL], contact=contact, share=share or rafiq.Share.PRIVATE(), note=note)


class Wrapper(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def open(self, name="profile", **options):
        profile = rafiq.open(self.folder / name, **{"vault": MaskVault(), **options})
        self.addCleanup(profile.close)
        profile.people.set_me(rafiq.NewMe(name="آمنه", language="prs"))
        return profile

    def notes(self, profile):
        return [kept.note for kept in profile.check_ins.list(rafiq.CheckInFilter(), 100).items]

    def test_words_are_erased_and_the_receipt_says_where(self):
        with self.open() as profile:
            kept = profile.check_ins.record(check_in("سلام"))
            self.assertEqual((kept.words, rafiq.words_text_id(kept.words)), (rafiq.WordsState.HERE, None))
            erasure = profile.check_ins.erase_words(kept.id)
            gone = profile.check_ins.list(rafiq.CheckInFilter(), 1).items[0]
            self.assertEqual((gone.note, gone.words), ("", rafiq.WordsState.ERASED))
            self.assertEqual(rafiq.words_text_id(gone.words), "words-erased")
            receipt, = profile.sync.erasures(10)
            self.assertEqual((receipt.id, [device.confirmed for device in receipt.devices]), (erasure.value, [True]))
            silent = profile.check_ins.record(check_in(""))
            with self.assertRaises(rafiq.RafiqError.Invalid):
                profile.check_ins.erase_words(silent.id)

    def test_what_is_written_is_there_again_and_encrypted(self):
        with self.open() as profile:
            kept = profile.check_ins.record(check_in("سلام 😀"))
            self.assertEqual((kept.name, kept.helps, kept.is_mine), ("آمنه", [rafiq.HelpKind.PRACTICAL], True))
        with rafiq.open(self.folder / "profile", MaskVault()) as profile:
            self.assertEqual(profile.check_ins.list(rafiq.CheckInFilter(), 100).items, [kept])
        for file in (self.folder / "profile").iterdir():
            self.assertNotIn("سلام".encode(), file.read_bytes())

    def test_lists_come_in_pages(self):
        profile = self.open()
        for number in range(5):
            profile.check_ins.record(check_in(str(number)))
        page = profile.check_ins.list(rafiq.CheckInFilter(), 3)
        rest = profile.check_ins.list(rafiq.CheckInFilter(), 3, page.next)
        self.assertEqual((len(page.items), len(rest.items), rest.next), (3, 2, None))
        with self.assertRaises(RafiqError.Invalid) as caught:
            profile.check_ins.list(rafiq.CheckInFilter(), 0)
        self.assertEqual((caught.exception.field, caught.exception.reason), ("limit", "range"))

    def test_changes_are_merged_and_end_when_closed(self):
        profile = self.open()
        changes = profile.changes()
        kept = [profile.check_ins.record(check_in(str(number))).id.value for number in range(3)]
        [changed] = [changed for changed in next(changes) if changed.noun == "check_ins"]
        self.assertEqual(sorted(changed.keys), sorted(f"check-in/{id}" for id in kept))
        self.assertIsNone(changes.next(timeout=0.05))
        for number in range(101):
            profile.check_ins.record(check_in(str(number)))
        self.assertEqual([changed.keys for changed in next(changes) if changed.noun == "check_ins"], [[]], "too many to name")
        threading.Timer(0.1, changes.close).start()
        self.assertEqual(list(changes), [])
        profile.check_ins.record(check_in("after"))
        self.assertIsNone(changes.next(timeout=0))

    def test_watch_asks_again_after_every_change(self):
        profile = self.open()
        watch = profile.watch(lambda: self.notes(profile))
        self.assertEqual(next(watch), [])
        profile.check_ins.record(check_in("one"))
        self.assertEqual(next(watch), ["one"])
        watch.close()

    def test_a_listener_that_throws_undoes_nothing(self):
        profile = self.open()

        class Throws(rafiq.ChangeListener):
            def changed(self, changes):
                raise ValueError("not my day")

        subscription = profile._core.subscribe(Throws())
        profile.check_ins.record(check_in("kept"))
        self.assertEqual(self.notes(profile), ["kept"])
        subscription.cancel()

    def test_a_subscription_that_nobody_holds_ends(self):
        profile = self.open()
        heard = []

        class Hears(rafiq.ChangeListener):
            def changed(self, changes):
                heard.append(changes)

        profile._core.subscribe(Hears())
        gc.collect()
        profile.check_ins.record(check_in())
        self.assertEqual(heard, [])

    def test_a_panic_is_an_error_and_the_object_still_works(self):
        profile = self.open()
        profile.check_ins.record(check_in("before"))
        for _ in range(2):
            with self.assertRaises(RafiqError.Bug) as caught:
                profile.panic_for_tests()
            self.assertEqual(caught.exception.place, "panic_for_tests")
        profile.check_ins.record(check_in("after"))
        self.assertEqual(sorted(self.notes(profile)), ["after", "before"])

    def test_closed_suspended_and_in_use(self):
        profile = self.open()
        with self.assertRaises(RafiqError.InUse):
            rafiq.open(self.folder / "profile", MaskVault())
        profile.suspend()
        with self.assertRaises(RafiqError.Closed):
            self.notes(profile)
        profile.resume()
        self.assertEqual(self.notes(profile), [])
        profile.close()
        profile.close()
        for call in (lambda: self.notes(profile), profile.resume, lambda: profile.check_ins.record(check_in())):
            with self.assertRaises(RafiqError.Closed):
                call()
        self.open().close()

    def test_wrong_passphrase_and_wrong_key(self):
        folder = self.folder / "locked"
        rafiq.open(folder, MaskVault(), "correct horse battery staple").close()
        self.assertEqual(rafiq.inspect(folder, MaskVault()), rafiq.ProfileState.NEEDS_PASSPHRASE())
        with self.assertRaises(RafiqError.Locked):
            rafiq.open(folder, MaskVault())
        with self.assertRaises(RafiqError.WrongPassphrase) as caught:
            rafiq.open(folder, MaskVault(), "correct horse battery stable")
        sentence = rafiq.Language.open("prs").error_text(caught.exception)
        self.assertEqual(sentence.text, "رمز درست نیست. هیچ چیز گم نشده است؛ لطفاً دوباره کوشش کنید.")
        self.assertEqual((sentence.language, sentence.fallback), ("prs", False))
        self.open("plain").close()
        for key in (8, None):
            with self.assertRaises(RafiqError.KeyLost):
                rafiq.open(self.folder / "plain", MaskVault(key))
        self.open("other").close()
        [key_file] = [file for file in (self.folder / "other").iterdir() if file.read_bytes().startswith(b"RAFIQKEY")]
        (self.folder / "plain" / key_file.name).write_bytes(key_file.read_bytes())
        with self.assertRaises(RafiqError.WrongKey):
            rafiq.open(self.folder / "plain", MaskVault())
        rafiq.open(folder, MaskVault(), "correct horse battery staple").close()

    def test_a_key_beside_the_store(self):
        self.assertEqual(rafiq.inspect(self.folder / "laptop"), rafiq.ProfileState.EMPTY())
        rafiq.open(self.folder / "laptop").close()
        self.assertEqual((self.folder / "laptop" / "platform.key").stat().st_mode & 0o077, 0)
        rafiq.open(self.folder / "laptop").close()

    def test_every_error_has_a_sentence(self):
        words = {"field": "name", "reason": "empty", "purpose": "x", "role": "reader", "code": 1, "seconds": 60, "place": "x"}
        variants = [value for value in vars(RafiqError).values() if isinstance(value, type) and issubclass(value, Exception)]
        self.assertEqual(len(variants), 18)
        for tag, variant in itertools.product([info.tag for info in rafiq.available_languages()], variants):
            names = variant.__init__.__code__.co_varnames[1:variant.__init__.__code__.co_argcount]
            error = variant(*[words[name] for name in names])
            self.assertTrue(rafiq.Language.open(tag).error_text(error).text, error)

    def test_a_directory_from_bytes(self):
        profile = self.open()
        space = profile.directory.found("Sample", 30).space
        content = SAMPLE.read_bytes()
        done = []

        class Watches(rafiq.ProgressListener):
            def report(self, part, whole):
                done.append(part / whole)
                return True

        report = profile.directory.import_source(space, "services.json", Pieces(content), Watches())
        self.assertEqual((report.errors, report.changed), ([], report.services))
        self.assertGreaterEqual(report.services, 20)
        self.assertEqual((done, done[-1]), (sorted(done), 1.0))
        self.assertEqual(profile.directory.import_path(space, str(SAMPLE)).changed, 0)
        [hit, *_] = profile.directory.browse(space, 100).items
        self.assertEqual(profile.directory.service(space, hit.id, "uk").id, hit.id)

    def test_a_source_that_throws(self):
        profile = self.open()
        space = profile.directory.found("Sample", 30).space
        report = profile.directory.import_source(space, "card", Pieces(SAMPLE.read_bytes(), fail_after=0))
        self.assertEqual([(problem.file, problem.problem) for problem in report.errors], [("card", "unreadable")])
        self.assertNotIn("stack trace", str(report))
        self.assertEqual(report.services, 0)

    def test_progress_cancels(self):
        profile = self.open()
        space = profile.directory.found("Sample", 30).space

        class Stops(rafiq.ProgressListener):
            def report(self, done, whole):
                return False

        class Throws(rafiq.ProgressListener):
            def report(self, done, whole):
                raise ZeroDivisionError

        for progress in (Stops(), Throws()):
            with self.assertRaises(RafiqError.Cancelled):
                profile.directory.import_path(space, str(SAMPLE), progress)

    def test_a_host_that_fails(self):
        class NoVault(MaskVault):
            def wrap(self, secret):
                raise rafiq.HostError.Failed("secure element busy")

        class NoRandom(rafiq.HostRandom):
            def bytes(self, count):
                return b"short"[:count - 1]

        class NoClock(rafiq.HostClock):
            def now_ms(self):
                raise ZeroDivisionError

        for host in ({"vault": NoVault()}, {"random": NoRandom()}):
            with self.assertRaises(RafiqError.Host):
                self.open("refused", **host)
        kept = self.open("clock", clock=NoClock()).check_ins.record(check_in())
        self.assertGreater(kept.at_ms, 1_700_000_000_000)

    def test_a_relay_that_is_not_there(self):
        profile = self.open()
        profile.sync.set_home_relay("http://127.0.0.1:9")
        profile.mentoring.begin(rafiq.NewPairing(model="buddy", my_role="buddy", title="Two"))
        with self.assertRaises(rafiq.HostError.Failed):
            profile.exchange()
        with self.assertRaises(RafiqError.Invalid):
            profile.exchange(carrier=lambda exchange: b"no answer of a relay")
        self.assertEqual(len(profile.mentoring.list()), 1)
        # What waits here is known, and nothing of it has gone.
        [place] = profile.sync.progress()
        self.assertEqual((place.relay, place.space), ("http://127.0.0.1:9", profile.mentoring.list()[0].id.value))
        self.assertTrue(place.done_bytes == 0 and place.total_bytes > 500 and place.unmetered_bytes == 0)

    def test_a_recovery_kit(self):
        profile = self.open()
        self.assertIsNone(profile.recovery.kit())
        with self.assertRaises(RafiqError.Invalid):
            profile.recovery.make_kit()  # there is no relay to keep anything for it
        profile.sync.set_home_relay("http://127.0.0.1:9")
        made = profile.recovery.make_kit()
        words = made.words()
        self.assertEqual((len(words.split()), made.relay()), (12, "http://127.0.0.1:9"))
        self.assertNotIn(words.split()[0], repr(made))
        rafiq.check_kit_words(words)
        with self.assertRaises(RafiqError.Invalid):
            rafiq.check_kit_words("twelve other words")
        self.assertEqual(rafiq.kit_words_beginning("aban"), ["abandon"])
        kit = profile.recovery.kit()
        self.assertEqual((kit.relay, kit.ready), ("http://127.0.0.1:9", False))
        with rafiq.open(self.folder / "new", vault=MaskVault()) as new:
            with self.assertRaises(rafiq.HostError.Failed):
                new.recover(words, "http://127.0.0.1:9")
            with self.assertRaises(RafiqError.Invalid):
                new.recover(words, "http://127.0.0.1:9", carrier=lambda exchange: b"no answer of a relay")
            self.assertFalse(new.recovery.is_reading())
            self.assertIsNone(new.people.me())

    def test_a_line_that_costs(self):
        profile = self.open()
        status = profile.sync.status()
        self.assertEqual((status.metered_line, status.unmetered_bytes), (None, 0), "nobody was asked")
        for choice in (rafiq.MeteredLine.USE, rafiq.MeteredLine.WAIT):
            profile.sync.set_metered_line(choice)
            self.assertEqual((profile.sync.metered_line(), profile.sync.status().metered_line), (choice, choice))
        profile.sync.set_home_relay("http://127.0.0.1:9")
        with self.assertRaises(rafiq.HostError.Failed):
            profile.exchange(metered=True)

    def test_several_profiles(self):
        root = self.folder / "device"
        self.assertEqual(rafiq.profiles(root), [])
        places = [rafiq.new_profile(root) for _ in range(2)]
        for place in places:
            with rafiq.open(place.folder) as profile:
                profile.people.set_me(rafiq.NewMe(name=place.id, language="uk"))
        self.assertEqual(rafiq.profiles(root), sorted(places, key=lambda place: place.id))
        rafiq.wipe(places[0].folder)
        self.assertEqual([place.id for place in rafiq.profiles(root)], [places[1].id])
        with rafiq.open(places[1].folder) as profile:
            self.assertEqual(profile.people.me().name, places[1].id)

    def test_one_exchange_at_a_time(self):
        profile = self.open()
        profile.sync.set_home_relay("http://127.0.0.1:9")
        profile.mentoring.begin(rafiq.NewPairing(model="buddy", my_role="buddy", title="Two"))
        carrying, most = [], []

        def carry(exchange):
            carrying.append(exchange)
            most.append(len(carrying))
            time.sleep(0.05)
            carrying.pop()
            raise rafiq.HostError.Failed("no connection")

        def run():
            with self.assertRaises(rafiq.HostError.Failed):
                profile.exchange(carrier=carry)

        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(most, [1, 1, 1])

    def test_sentences_and_dates(self):
        self.assertEqual(rafiq.say("prs", "error-wrong-passphrase")[:3], "رمز")
        dari = rafiq.Language.open("prs-AF")
        self.assertEqual(dari.day("2026-11-22", rafiq.DateStyle.LONG), "۱ قوس ۱۴۰۵")
        self.assertEqual(dari.direction(), rafiq.Direction.RIGHT_TO_LEFT)
        self.assertEqual(dari.parse_date("۱۴۰۵/۰۹/۰۱").first_day, "2026-11-22")
        with self.assertRaises(RafiqError.Invalid):
            rafiq.Language.open("not a tag")

    def test_a_bundle_is_written_carried_and_read_again(self):
        writer, courier = self.open("writer"), self.open("courier")
        space = writer.directory.found("Sample", 30).space
        writer.directory.import_path(space, str(SAMPLE))
        card, stream = self.folder / "card", io.BytesIO()
        written = writer.write_bundle(card, spaces=[space])
        self.assertEqual(writer.write_bundle(stream), written)
        self.assertEqual(stream.getvalue(), card.read_bytes())
        self.assertEqual(courier.read_bundle(card).left, written.envelopes)
        courier.sync.carry(1 << 20)
        self.assertEqual(courier.read_bundle(io.BytesIO(stream.getvalue())).carried, written.envelopes)
        self.assertEqual(courier.sync.carried().envelopes, written.envelopes)
        self.assertEqual(courier.write_bundle(self.folder / "onward", carried=True).envelopes, written.envelopes)
        [damage] = writer.read_bundle(io.BytesIO(stream.getvalue()[:-1])).damaged
        self.assertEqual((damage.what, damage.at), (rafiq.Damaged.CUT, written.bytes - 1))
        self.assertEqual(rafiq.damaged_text_id(damage.what), "bundle-damaged-cut")
        with self.assertRaises(RafiqError.Invalid):
            writer.read_bundle(io.BytesIO(b"a photograph"))
        closed = io.BytesIO()
        closed.close()
        with self.assertRaises(RafiqError.Host):
            writer.write_bundle(closed)

    def test_a_steward_keeps_what_somebody_wrote_who_did_not_know_that_they_were_out(self):
        steward, other = self.open("steward"), self.open("other")
        for profile, name in ((steward, "Olena"), (other, "Farid")):
            profile.people.set_me(rafiq.NewMe(name=name, language="uk"))

        def carry(source, target):
            card = io.BytesIO()
            source.write_bundle(card)
            target.read_bundle(io.BytesIO(card.getvalue()))

        pairing = steward.mentoring.begin(rafiq.NewPairing(model="buddy", my_role="buddy", title="Two")).id
        other.sharing.accept(steward.sharing.invite(pairing.value, rafiq.Reach.IN_PERSON).text)
        carry(other, steward)
        steward.sharing.admit(steward.sharing.requests()[0].id)
        carry(steward, other)
        carry(steward, other)
        farid = other.people.me().id
        steward.sharing.remove(pairing.value, farid)
        other.mentoring.add_goal(pairing, "honest")
        carry(other, steward)
        [held] = steward.sharing.held_work(pairing.value)
        self.assertEqual((held.person, steward.mentoring.goals(pairing)), (farid, []))
        steward.sharing.keep(pairing.value, farid)
        self.assertEqual([goal.text for goal in steward.mentoring.goals(pairing)], ["honest"])
        self.assertEqual(steward.sharing.held_work(pairing.value), [])
        with self.assertRaises(RafiqError.NotFound):
            steward.sharing.keep(pairing.value, farid)

    def test_the_first_snippet_of_the_page(self):
        page = pathlib.Path(__file__).parents[1] / "README.md"
        snippet = page.read_text(encoding="utf-8").split("```python\n", 1)[1].split("```", 1)[0]
        day, seen = {}, []
        exec(compile(snippet, str(page), "exec"), day)

        class Enough(Exception):
            """It watches for as long as somebody looks."""

        def show(check_ins):
            seen.extend(check_ins)
            raise Enough

        with self.assertRaises(Enough):
            day["first_day"](self.folder / "profile", "green tea in the yard", show)
        [kept] = seen
        self.assertEqual((kept.feeling, kept.name, kept.is_mine), (rafiq.Feeling.GOOD, "آمنه", True))
        with rafiq.open(self.folder / "profile", passphrase="green tea in the yard") as profile:
            self.assertEqual(profile.check_ins.list(rafiq.CheckInFilter(), 20).items, [kept])

    def test_support_models_are_data(self):
        profile = self.open()
        models = {model.id: model for model in profile.support_models()}
        self.assertLessEqual({"buddy", "newcomer-mentoring"}, set(models))
        self.assertTrue(models["newcomer-mentoring"].milestones)
        with self.assertRaises(RafiqError.Invalid):
            rafiq.check_support_model("this is no model")
        self.assertEqual(profile.model_texts("prs"), {})
        tandem = 'id = "tandem"\nversion = 1\npass_on = ["coordinator"]\n[[roles]]\nid = "speaker"\n[texts.en]\nmodel-tandem = "Language tandem"'
        with rafiq.open(self.folder / "tandem", vault=MaskVault(), models=[tandem]) as programme:
            own = rafiq.Spoken(text="Language tandem", language="en", fallback=True, machine=False)
            self.assertEqual(programme.model_texts("prs"), {"model-tandem": own})


if __name__ == "__main__":
    unittest.main()
