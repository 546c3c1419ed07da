package org.rafiq.presenters

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotSame
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.rafiq.Carrier
import org.rafiq.CheckInFilter
import org.rafiq.ContactWish
import org.rafiq.Direction
import org.rafiq.Feeling
import org.rafiq.NewCheckIn
import org.rafiq.Rafiq
import org.rafiq.RafiqException
import org.rafiq.SharePrivate
import java.io.File
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.system.measureTimeMillis

/** Opening, locking, suspending, and what can be wrong with a profile. */
class AppTest {
    @TempDir lateinit var folder: File

    private fun phone(language: String = "en", vault: TestVault = TestVault()) = Phone(File(folder, "profile"), language, vault = vault)

    /** One bit of a file is another one. */
    private fun damage(name: String) = File(folder, "profile/$name").run {
        writeBytes(readBytes().also { it[100] = (it[100].toInt() xor 1).toByte() })
    }

    @Test fun `the first steps, in the language that is chosen`() = test {
        phone("prs-AF").use { phone ->
            assertEquals(UiState.Loading, phone.app.state.value)
            phone.start()
            assertEquals(Where.SetUp, phone.app.content().at)
            val setUp = SetUpPresenter(phone.app, phone.scope)
            val first = setUp.content()
            assertEquals(SetUpStep.LANGUAGE to "قدم ۱ از ۳", first.step to first.progress.plain())
            assertEquals("prs", first.languages.single { it.chosen }.tag)
            assertEquals(Direction.RIGHT_TO_LEFT, first.words.direction)
            val ukrainian = setUp.does(SetUpEvent.ChooseLanguage("uk"))
            assertEquals("Якою мовою Ви хотіли б читати?", ukrainian.words[Word.SET_UP_LANGUAGE])
            assertEquals(listOf("uk"), ukrainian.languages.filter { it.chosen }.map { it.tag })
            assertEquals(ukrainian.words.remark, ukrainian.remark)
            assertFalse(setUp.does(SetUpEvent.Next).canGoOn, "no name yet")
            assertEquals(SetUpStep.NAME, setUp.does(SetUpEvent.Next).step)
            assertTrue(setUp.does(SetUpEvent.EnterName("Олена")).canGoOn)
            assertEquals(SetUpStep.PROTECTION, setUp.does(SetUpEvent.Next).step)
            assertFalse(setUp.does(SetUpEvent.ChooseProtection(true)).canGoOn)
            setUp.does(SetUpEvent.EnterPassphrase("калина", "малина"))
            val differs = setUp.does(SetUpEvent.Finish)
            assertEquals(differs.words.say { text("cli-passphrase-differs") }, differs.notice)
            assertNull(setUp.does(SetUpEvent.Dismiss).notice)
            assertEquals(SetUpStep.NAME, setUp.does(SetUpEvent.Back).step)
            assertEquals("Олена", setUp.does(SetUpEvent.Next).name)
            setUp.does(SetUpEvent.EnterPassphrase("калина", "калина"))
            setUp.does(SetUpEvent.Finish)
            assertEquals("uk", phone.session.words.language.tag)
            assertEquals("Олена", ProfilePresenter(phone.session, phone.scope).content().name)
        }
        assertEquals("uk", Rafiq.lastLanguage(File(folder, "profile")))
    }

    @Test fun `a device in a language that is not shipped begins in English`() = test {
        phone("de-AT").use { phone ->
            phone.start()
            val shown = SetUpPresenter(phone.app, phone.scope).content()
            assertEquals("en" to null, shown.languages.single { it.chosen }.tag to shown.remark)
        }
    }

    @Test fun `what was set up is open at the next start`() = test {
        phone().use { it.setUp("آمنه", "prs") }
        phone().use { phone ->
            phone.start()
            assertEquals("prs", phone.session.words.language.tag)
            phone.app.on(AppEvent.Lock).join()
            assertTrue(phone.app.content().at is Where.Open, "without a passphrase there is nothing to lock")
        }
    }

    @Test fun `a wrong passphrase is said in Dari, and the right one opens`() = test {
        phone().use { it.setUp("آمنه", "prs", "برگ سبز") }
        phone("en").use { phone ->
            phone.start()
            assertEquals(Where.Locked, phone.app.content().at)
            val unlock = UnlockPresenter(phone.app, phone.scope)
            assertEquals("این قفل است. لطفاً رمز خود را بنویسید.", unlock.content().question)
            assertNull(unlock.content().wrong)
            val busy = launch { unlock.content { it.busy } }
            val wrong = unlock.does(UnlockEvent.Enter("برگ زرد"))
            busy.join()
            assertEquals("رمز درست نیست. هیچ چیز گم نشده است؛ لطفاً دوباره کوشش کنید.", wrong.wrong)
            assertEquals(Where.Locked, phone.app.content().at)
            assertNull(phone.app.does(AppEvent.Dismiss).notice)
            unlock.on(UnlockEvent.Enter("")).join()
            assertEquals(Where.Locked, phone.app.content().at)
            unlock.on(UnlockEvent.Enter("برگ سبز")).join()
            val session = phone.session
            val today = TodayPresenter(session, phone.scope)
            today.content()
            phone.app.on(AppEvent.Lock).join()
            assertEquals(Where.Locked, phone.app.content().at)
            today.until { it == UiState.Locked }
            today.on(TodayEvent.Refresh).join()
            assertEquals(UiState.Locked, today.state.value)
            phone.app.on(AppEvent.Unlock("برگ سبز")).join()
            assertNotSame(session, phone.session)
        }
    }

    @Test fun `a damaged store is set aside and a fresh one begins`() = test {
        phone().use { it.setUp("آمنه", "prs") }
        damage("rafiq.db")
        phone().use { phone ->
            phone.start()
            val where = phone.app.content().at as Where.Damaged
            assertEquals(
                "فایل ذخیره‌شده خراب است و همان‌طور که هست نگه داشته شد. لطفاً پیش از هر کار دیگر از هماهنگ‌کننده کمک بخواهید.",
                where.sentence,
            )
            assertFalse(where.needsPassphrase)
            phone.app.on(AppEvent.SetAside(null)).join()
            assertEquals(Where.SetUp, phone.app.content().at)
            assertTrue(phone.folder.listFiles()!!.any { ".damaged-" in it.name }, "nothing is deleted")
            assertEquals(Where.SetUp, phone.app.does(AppEvent.SetAside(null)).at, "an open profile is not set aside")
            phone.setUp("آمنه", "prs")
            assertEquals("آمنه", ProfilePresenter(phone.session, phone.scope).content().name)
        }
    }

    @Test fun `a damaged store behind a passphrase`() = test {
        phone().use { it.setUp("آمنه", "prs", "برگ سبز") }
        damage("rafiq.db")
        phone().use { phone ->
            phone.start()
            UnlockPresenter(phone.app, phone.scope).on(UnlockEvent.Enter("برگ سبز")).join()
            assertTrue((phone.app.content().at as Where.Damaged).needsPassphrase)
            val refused = phone.app.does(AppEvent.SetAside(null))
            assertTrue(refused.at is Where.Damaged)
            assertEquals("این قفل است. لطفاً رمز خود را بنویسید.", refused.notice)
            phone.app.on(AppEvent.SetAside("برگ سبز")).join()
            assertEquals(Where.Locked, phone.app.content().at)
            phone.app.on(AppEvent.Unlock("برگ سبز")).join()
            assertEquals(Where.SetUp, phone.app.content().at, "a fresh store under the same passphrase")
            phone.setUp("آمنه", "prs", "برگ تازه")
        }
        phone().use { phone ->
            phone.start().app.on(AppEvent.Unlock("برگ تازه")).join()
            assertTrue(phone.app.content().at is Where.Open, "the passphrase that was chosen last holds")
        }
    }

    @Test fun `a damaged key file stays as it is, and says so each time`() = test {
        phone().use { it.setUp("آمنه", "prs") }
        damage("rafiq.key")
        phone().use { phone ->
            val where = phone.start().app.content().at as Where.Damaged
            val again = phone.app.does(AppEvent.SetAside(null))
            assertEquals(where to where.sentence, again.at to again.notice)
        }
    }

    @Test fun `every error of opening has its place`() {
        val words = Words.of("uk")
        phone().use { phone ->
            val places = listOf(
                RafiqException.Corrupt(), RafiqException.KeyLost(), RafiqException.WrongKey(), RafiqException.NewerVersion(), RafiqException.InUse(),
            ).associateWith { phone.app.whereNow(it, words) }
            assertEquals(listOf("Damaged", "KeyLost", "KeyLost", "NewerVersion", "InUse"), places.values.map { it!!.javaClass.simpleName })
            val newer = RafiqException.NewerVersion()
            assertEquals(Where.NewerVersion(words.error(newer)), phone.app.whereNow(newer, words))
            assertNull(phone.app.whereNow(RafiqException.StorageFull(), words))
        }
    }

    @Test fun `lost keys and other processes`() = test {
        val vault = TestVault()
        phone().use {
            it.setUp("Amina", "en")
            phone().use { second ->
                second.start()
                assertEquals(Where.InUse::class, second.app.content().at::class)
                it.close()
                second.app.on(AppEvent.Start).join()
                assertTrue(second.app.content().at is Where.Open, "trying again opens it")
            }
        }
        vault.key = null
        phone(vault = vault).use { phone ->
            phone.start()
            val where = phone.app.content().at as Where.KeyLost
            assertEquals(phone.app.content().words.error(RafiqException.KeyLost()), where.sentence)
        }
    }

    @Test fun `a folder that cannot be made says so and can be tried again`() = test {
        File(folder, "profile").writeText("a file where a folder should be")
        phone("prs").use { phone ->
            phone.start()
            val sentence = "دستگاه نتوانست این را بخواند یا ذخیره کند. هیچ چیز نیمه‌کاره ذخیره نشد. لطفاً دوباره کوشش کنید."
            assertEquals(UiState.Failed(sentence, canRetry = true), phone.app.state.value)
            File(folder, "profile").delete()
            phone.setUp("آمنه", "prs")
        }
    }

    @Test fun `a suspend during a refresh waits, and goes on after resume`() = test {
        phone().use { phone ->
            phone.setUp("Amina", "en")
            val today = TodayPresenter(phone.session, phone.scope)
            val checkIns = CheckInsPresenter(phone.session, phone.scope)
            today.content()
            checkIns.until { it is UiState.Empty }
            repeat(20) {
                val refresh = List(3) { today.on(TodayEvent.Refresh) }
                phone.app.on(AppEvent.Suspend).join()
                val later = today.on(TodayEvent.Refresh)
                phone.app.on(AppEvent.Resume).join()
                (refresh + later).forEach { it.join() }
                assertTrue(today.state.value is UiState.Content, "${today.state.value}")
            }
            phone.app.on(AppEvent.Suspend).join()
            val waits = today.on(TodayEvent.Refresh)
            delay(50)
            assertTrue(waits.isActive && today.state.value is UiState.Content, "it waits and shows what it had")
            phone.app.on(AppEvent.Resume).join()
            waits.join()
            phone.session.rafiq.checkIns.record(NewCheckIn(Feeling.GOOD, contact = ContactWish.NO, share = SharePrivate))
            assertEquals(4, checkIns.content().checkIns.single().feeling, "changes are heard again")
        }
    }

    /** Somebody who has gone through a check-in, but for "keep". */
    private suspend fun CheckInPresenter.readyToSave(note: String) = also {
        on(CheckInEvent.ChooseFeeling(2))
        on(CheckInEvent.Next)
        on(CheckInEvent.WriteNote(note)).join()
    }

    @Test fun `what is saved is saved, however soon the profile is locked`() = test {
        phone().use { phone ->
            phone.setUp("آمنه", "prs", "برگ سبز")
            repeat(3) { round ->
                val session = phone.session
                phone.clock.now += HOUR_MS
                val checkIn = CheckInPresenter(session, phone.scope).readyToSave("$round")
                val sync = SyncPresenter(session, phone.scope) // looks for the first time just now: the event waits for its turn
                val saved = listOf(checkIn.on(CheckInEvent.Save), sync.on(SyncEvent.SetRelay("https://relay.example/$round")))
                phone.app.on(AppEvent.Lock).join()
                assertTrue(saved.all { it.isCompleted } && phone.app.content().at == Where.Locked)
                phone.app.on(AppEvent.Unlock("برگ سبز")).join()
                val rafiq = phone.session.rafiq
                assertEquals("$round" to "https://relay.example/$round", rafiq.checkIns.list(CheckInFilter(), 1).items.single().note to rafiq.sync.homeRelay())
            }
            val language = ProfilePresenter(phone.session, phone.scope).on(ProfileEvent.ChooseLanguage("uk"))
            phone.app.on(AppEvent.Lock).join()
            phone.app.on(AppEvent.Unlock("برگ سبز")).join()
            language.join()
            assertEquals("uk", phone.session.rafiq.people.me()!!.language, "one's own language waits for the app itself, and is kept")
        }
    }

    @Test fun `what waits while the app sleeps is saved before it is locked`() = test {
        phone().use { phone ->
            phone.setUp("آمنه", "prs", "برگ سبز")
            val checkIn = CheckInPresenter(phone.session, phone.scope).readyToSave("امروز")
            phone.app.on(AppEvent.Suspend).join()
            val saved = checkIn.on(CheckInEvent.Save)
            delay(50)
            assertTrue(saved.isActive, "it waits")
            phone.app.on(AppEvent.Suspend).join()
            assertTrue(saved.isActive, "and is not waited for by an app that sleeps already")
            phone.app.on(AppEvent.Lock).join()
            assertTrue(saved.isCompleted && phone.app.content().at == Where.Locked)
            phone.app.on(AppEvent.Unlock("برگ سبز")).join()
            assertEquals("امروز", phone.session.rafiq.checkIns.list(CheckInFilter(), 1).items.single().note)
        }
    }

    @Test fun `what is saved is saved before the app is put to sleep`() = test {
        phone().use { phone ->
            phone.setUp("Amina", "en")
            repeat(20) { round ->
                val saved = SyncPresenter(phone.session, phone.scope).on(SyncEvent.SetRelay("https://relay.example/$round"))
                phone.app.on(AppEvent.Suspend).join()
                assertTrue(saved.isCompleted)
                phone.app.on(AppEvent.Resume).join()
                assertEquals("https://relay.example/$round", phone.session.rafiq.sync.homeRelay())
            }
        }
    }

    @Test fun `nothing keeps a profile open longer than the host allows, and an exchange not at all`() = test {
        val asked = CompletableDeferred<Unit>()
        val line = Carrier {
            asked.complete(Unit)
            awaitCancellation()
        }
        Phone(File(folder, "profile"), carrier = line, patienceMs = 300).use { phone ->
            phone.setUp("آمنه", "prs", "برگ سبز")
            suspend fun lock() = measureTimeMillis {
                phone.app.on(AppEvent.Lock).join()
                assertEquals(Where.Locked, phone.app.content().at)
            }
            phone.session.work.begin() // something that never ends
            assertTrue(lock() in 300..5_000)
            phone.app.on(AppEvent.Unlock("برگ سبز")).join()
            val sync = SyncPresenter(phone.session, phone.scope)
            sync.does(SyncEvent.SetRelay("https://relay.example"))
            phone.beginPairing("buddy", "buddy", "دو نفر")
            sync.on(SyncEvent.ExchangeNow)
            asked.await()
            assertFalse(phone.session.work.isRunning)
            assertTrue(lock() < 300)
            phone.app.on(AppEvent.Unlock("برگ سبز")).join()
            val profile = ProfilePresenter(phone.session, phone.scope)
            profile.content()
            val locked = measureTimeMillis { profile.on(ProfileEvent.Lock).join() }
            assertTrue(locked < 300 && phone.app.content().at == Where.Locked, "the button that locks does not wait for itself: $locked ms")
        }
    }

    @Test fun `whoever locks sees nothing more at once, and what else was asked for there is not waited for anew`() = test {
        Phone(File(folder, "profile"), patienceMs = 4_000).use { phone ->
            phone.setUp("آمنه", "prs", "برگ سبز")
            val work = phone.session.work
            val profile = ProfilePresenter(phone.session, phone.scope)
            profile.content()
            work.begin() // a save that takes its time
            val lock = profile.on(ProfileEvent.Lock)
            phone.app.until { it == UiState.Loading }
            val others = listOf(
                profile.on(ProfileEvent.Lock), profile.on(ProfileEvent.Rename("آمنه جان")), profile.on(ProfileEvent.ChooseLanguage("uk")),
                profile.on(ProfileEvent.ChooseCalendar("gregory")), profile.on(ProfileEvent.Lock),
            )
            others[1].join() // has its turn while the first waits
            work.end()
            val took = measureTimeMillis { (others + lock).forEach { it.join() } }
            assertTrue(took < 3_000 && phone.app.content().at == Where.Locked, "$took ms, ${phone.app.state.value}")
            phone.app.on(AppEvent.Unlock("برگ سبز")).join()
            val me = phone.session.rafiq.people.me()!!
            assertEquals(listOf("آمنه جان", "uk", "gregory"), listOf(me.name, me.language, me.calendar), "all of it was kept, in the order given")
        }
    }

    @Test fun `nothing of a profile is seen while it is being deleted`() = test {
        phone().use { phone ->
            phone.setUp("Amina", "en", "green leaf")
            val profile = ProfilePresenter(phone.session, phone.scope)
            profile.content()
            val seen = CopyOnWriteArrayList<UiState<AppContent>>()
            val watching = launch(Dispatchers.Unconfined) { phone.app.state.collect { seen += it } } // at once, so that nothing is missed
            profile.on(ProfileEvent.Wipe(confirmed = true)).join()
            watching.cancel()
            val places = seen.map { state -> (state as? UiState.Content)?.content?.at?.let { it::class } }
            assertEquals(listOf(Where.Open::class, null, Where.SetUp::class), places, "$seen")
        }
    }
}
