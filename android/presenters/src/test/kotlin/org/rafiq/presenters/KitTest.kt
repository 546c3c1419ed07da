package org.rafiq.presenters

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.rafiq.Carrier
import org.rafiq.ContactWish
import org.rafiq.Feeling
import org.rafiq.HttpCarrier
import org.rafiq.NewCheckIn
import org.rafiq.ProfileEmpty
import org.rafiq.Rafiq
import org.rafiq.SharePrivate
import java.io.File
import java.io.IOException

/** Twelve words on paper, from the phone on which they are made to the one that they bring everything back to. */
class KitTest {
    @TempDir lateinit var folder: File

    @Test fun `words are made, shown once, and replaced`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("آمنه", "prs")
            val kit = KitPresenter(phone.session, phone.scope)
            val none = kit.content()
            assertEquals("اول باید در بخش «تبادله» سرور واسطه تعیین شود.", none.missing)
            assertTrue(none.made == null && none.standing == null && none.waits && none.words.isEmpty() && none.relay == null, "$none")
            assertEquals(KitStep.ABOUT to false, none.step to none.staysOn)
            assertTrue(kit.does(KitEvent.Make).run { words.isEmpty() && made == null && notice != null }, "nothing could keep anything for them")
            SyncPresenter(phone.session, phone.scope).does(SyncEvent.SetRelay("http://127.0.0.1:9"))
            assertTrue(kit.does(KitEvent.Refresh).run { missing == null && made == null })
            val made = kit.does(KitEvent.Make)
            assertEquals(12 to "http://127.0.0.1:9", made.words.size to made.relay?.plain())
            assertTrue(made.words.first().plain().startsWith("۱. ") && made.words.last().plain().startsWith("۱۲. "), "${made.words}")
            assertEquals("پس از چند تبادلهٔ بعدی می‌توان از آن‌ها استفاده کرد.", made.standing.takeIf { made.waits })
            assertEquals(made.words, kit.does(KitEvent.Refresh).words, "whoever is writing them down is not hurried")
            assertTrue(KitPresenter(phone.session, phone.scope).content().run { words.isEmpty() && this.made == made.made }, "they are shown this once")
            assertEquals(made.words, kit.does(KitEvent.Make).words, "nor is what they write down replaced by a second tap")
            assertEquals(made.words, kit.does(KitEvent.MakeOthers).words)
            kit.confirm(made)
            assertEquals(KitStep.AGAIN, kit.does(KitEvent.Make).step, "those on paper are good for nothing then: that is asked first")
            assertEquals(KitStep.AGAIN, kit.does(KitEvent.Make).step, "a second tap is no answer")
            assertEquals(KitStep.ABOUT, kit.does(KitEvent.Back).step)
            kit.does(KitEvent.Make)
            assertTrue(kit.does(KitEvent.MakeOthers).run { words.size == 12 && words != made.words && step == KitStep.WORDS })
            assertNull(kit.does(KitEvent.Dismiss).notice)
        }
    }

    /** Two words of the paper are typed, wrong ones first. */
    private suspend fun KitPresenter.confirm(made: KitContent) {
        val right = listOf(3, 9).map { made.words[it - 1].bare() }
        val check = does(KitEvent.Written)
        assertTrue(check.run { step == KitStep.CHECK && words.isEmpty() && relay == null && !canCheck && staysOn }, "$check")
        assertEquals(listOf("کلمهٔ شمارهٔ ۳", "کلمهٔ شمارهٔ ۹"), check.asked.map { it.plain() })
        assertFalse(does(KitEvent.EnterWords(right[0], " ")).canCheck)
        assertTrue(does(KitEvent.EnterWords(right[0], "no such word")).canCheck)
        val differs = does(KitEvent.Check)
        assertEquals(
            "کلمهٔ شمارهٔ ۹ هنوز برابر نیست. هیچ چیز از دست نرفته است: لطفاً کلمه‌ها را دوباره ببینید و با کاغذ خود مقایسه کنید.",
            differs.notice?.plain(),
        )
        assertTrue(differs.step == KitStep.CHECK && differs.canCheck, "$differs")
        assertNull(does(KitEvent.EnterWords(right[0], "no")).notice, "read, and being mended")
        assertEquals(made.words, does(KitEvent.Back).words, "whoever cannot type them looks at them again")
        does(KitEvent.Written)
        does(KitEvent.EnterWords(" 3. ${right[0].uppercase()}", "${right[1]} "))
        val written = does(KitEvent.Check)
        assertTrue(written.run { step == KitStep.ABOUT && words.isEmpty() && relay == null && this.made == made.made && !staysOn && !canCheck }, "$written")
        assertEquals("هر دو کلمه درست است. لطفاً کاغذ را در جای امن نگه دارید.", written.notice)
        assertTrue(does(KitEvent.Back).run { step == KitStep.ABOUT && words.isEmpty() }, "they are forgotten")
    }

    @Test fun `words are not left unchecked without a question`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("Amina", "en")
            SyncPresenter(phone.session, phone.scope).does(SyncEvent.SetRelay("http://127.0.0.1:9"))
            val kit = KitPresenter(phone.session, phone.scope)
            val made = kit.does(KitEvent.Make)
            assertEquals(made.words, kit.does(KitEvent.Leave).words, "not without the question")
            val asked = kit.does(KitEvent.Back)
            assertTrue(asked.run { step == KitStep.LEAVE && words.isEmpty() && staysOn }, "$asked")
            assertEquals(made.words, kit.does(KitEvent.Back).words)
            kit.does(KitEvent.Written)
            kit.does(KitEvent.Back)
            kit.does(KitEvent.Back)
            assertTrue(kit.does(KitEvent.Leave).run { step == KitStep.ABOUT && this.made != null && !staysOn && notice == null })
            assertTrue(kit.does(KitEvent.Back).run { step == KitStep.ABOUT && words.isEmpty() })
            kit.does(KitEvent.Make)
            assertFalse(kit.does(KitEvent.MakeOthers).words == made.words, "others can be made at any time")
        }
    }

    @Test fun `whoever types the words is helped`() = test {
        Phone(File(folder, "new")).use { phone ->
            phone.start()
            val setUp = SetUpPresenter(phone.app, phone.scope)
            setUp.does(SetUpEvent.Next)
            setUp.does(SetUpEvent.ChooseRecovering(true))
            suspend fun types(words: String) = setUp.does(SetUpEvent.EnterKit(words, "http://127.0.0.1:9"))
            suspend fun suggested(words: String) = types(words).run { suggestions.map { it.text } to misspelt?.plain() }
            fun wrong(number: Int, word: String) = "Word $number cannot be right: $word. Please compare it with your paper."
            assertEquals(emptyList<String>() to null, suggested("l"), "too many begin so")
            assertEquals(listOf("leader", "leaf", "learn") to null, suggested("1. Le"))
            assertEquals("1. leaf ", types("1. Le").suggestions[1].value, "all that is typed, with it")
            assertEquals(listOf("action", "actor", "actress") to null, suggested("legal act"), "not the one that stands there")
            assertEquals(emptyList<String>() to null, suggested("legal act "))
            assertEquals(emptyList<String>() to wrong(2, "winer"), suggested("legal winer"), "as soon as no word begins so")
            assertEquals(listOf("thank", "that", "theme") to wrong(2, "wi"), suggested("legal wi th"), "its beginning is not yet the word")
            assertEquals(emptyList<String>() to wrong(1, "کلمه"), suggested("کلمه"))
            assertEquals(emptyList<String>() to null, suggested(""))
            val misspelt = "legal winner thank year wave sausage worth useful legal winner thank thank"
            assertTrue(types(misspelt).run { canGoOn && this.misspelt == null && !staysOn })
            val refused = setUp.does(SetUpEvent.Next)
            assertEquals(SetUpStep.NAME to "These words do not fit. Please compare each of the twelve with your paper.", refused.step to refused.notice)
            assertTrue(types(misspelt.dropLast(5) + "yellow").notice == null)
            assertEquals(SetUpStep.PROTECTION, setUp.does(SetUpEvent.Next).step)
            types("wen")
            assertTrue(setUp.does(SetUpEvent.ChooseProtection(true)).run { suggestions.isEmpty() && this.misspelt == null }, "another question is asked here")
            // Nothing was made of that: a profile opened meanwhile would have lain there without the passphrase that is chosen only now.
            assertEquals(ProfileEmpty, Rafiq.inspect(phone.folder, phone.vault))
            assertFalse(phone.folder.exists(), "not even a folder")
            // The words are not needed after all.
            setUp.does(SetUpEvent.Back)
            setUp.does(SetUpEvent.ChooseRecovering(false))
            setUp.does(SetUpEvent.EnterName("Amina"))
            setUp.does(SetUpEvent.Next)
            setUp.does(SetUpEvent.EnterPassphrase("a long one", "a long one"))
            setUp.on(SetUpEvent.Finish).join()
            assertEquals("Amina", ProfilePresenter(phone.session, phone.scope).content().name)
            phone.app.on(AppEvent.Lock).join()
            assertEquals(Where.Locked, phone.app.content().at)
        }
    }

    @Test fun `a phone is lost, and another one is its person's`() = test {
        Relay(folder).use { relay ->
            val twelve = Phone(File(folder, "lost")).use { lost ->
                lost.setUp("آمنه", "prs")
                SyncPresenter(lost.session, lost.scope).does(SyncEvent.SetRelay(relay.url))
                lost.session.rafiq.checkIns.record(NewCheckIn(Feeling.HARD, contact = ContactWish.NO, share = SharePrivate, note = "دیروز"))
                val kit = KitPresenter(lost.session, lost.scope)
                val words = kit.does(KitEvent.Make).words.joinToString(" ") { it.bare() }
                repeat(3) { lost.exchange() } // the inbox of the words, the space, and what is posted there
                assertEquals("می‌توان از آن‌ها استفاده کرد.", kit.content { !it.waits }.standing, "seen without asking")
                words
            }
            var line: suspend () -> Unit = {} // what happens before anything is carried
            val carrier = Carrier {
                line()
                HttpCarrier().carry(it)
            }
            Phone(File(folder, "new"), carrier = carrier).use { phone ->
                phone.start()
                val setUp = SetUpPresenter(phone.app, phone.scope)
                setUp.does(SetUpEvent.ChooseLanguage("prs"))
                setUp.does(SetUpEvent.Next)
                assertFalse(setUp.does(SetUpEvent.ChooseRecovering(true)).canGoOn)
                assertFalse(setUp.does(SetUpEvent.EnterKit("legal winner", relay.url)).canGoOn, "two of twelve")
                assertFalse(setUp.does(SetUpEvent.EnterKit(twelve, " ")).canGoOn)
                /** What is said beside the words, which are still there. */
                suspend fun refused(words: String): String? {
                    setUp.does(SetUpEvent.EnterKit(words, relay.url))
                    setUp.does(SetUpEvent.Next)
                    setUp.does(SetUpEvent.ChooseProtection(false))
                    val refused = setUp.does(SetUpEvent.Finish)
                    assertTrue(refused.run { step == SetUpStep.NAME && recovering && canGoOn && !busy }, "$refused")
                    assertEquals(Where.SetUp, phone.app.content().at)
                    return refused.notice
                }
                val misspelt = "این کلمه‌ها درست نیستند. لطفاً هر یک از دوازده کلمه را با کاغذ خود مقایسه کنید."
                for (wrong in listOf(List(12) { "abandon" }.joinToString(" "), "$twelve abandon")) { // of one that is too many, too
                    assertTrue(setUp.does(SetUpEvent.EnterKit(wrong, relay.url)).run { canGoOn && recovering })
                    assertEquals(SetUpStep.NAME to misspelt, setUp.does(SetUpEvent.Next).run { step to notice }, "before anything else is asked")
                }
                val others = "legal winner thank year wave sausage worth useful legal winner thank yellow"
                assertTrue(refused(others)!!.startsWith("این سرور واسطه چنین کلمه‌هایی را نمی‌شناسد."))
                val unreached = "اکنون نمی‌توان از سرور واسطهٔ کلمه‌های شما پرسید. هیچ چیز از دست نرفته است: لطفاً نشانی را با کاغذ خود مقایسه کنید یا بعدتر کوشش کنید."
                line = { throw IOException("cut") }
                assertEquals(unreached, refused(twelve))
                line = {
                    assertTrue(setUp.content().staysOn, "it does not go dark while it comes back")
                    phone.app.on(AppEvent.Suspend).join()
                }
                assertEquals(unreached, refused(twelve), "the app sleeps although an answer is waited for")
                phone.app.on(AppEvent.Resume).join()
                var carried = 0
                line = { if (++carried > 3) throw IOException("cut") }
                assertEquals(unreached, refused(twelve), "it was found, and nothing of it read")
                line = {}
                setUp.does(SetUpEvent.EnterKit(twelve.split(' ').mapIndexed { at, word -> "${at + 1}. $word" }.joinToString("\n"), " ${relay.url} "))
                setUp.does(SetUpEvent.Next)
                setUp.on(SetUpEvent.Finish).join()
                assertFalse(setUp.does(SetUpEvent.Back).canGoOn, "the words are forgotten")
                assertEquals("آمنه" to "prs", ProfilePresenter(phone.session, phone.scope).content().name to phone.session.words.tag)
                phone.exchange()
                assertEquals("دیروز", CheckInsPresenter(phone.session, phone.scope).content().checkIns.single().note)
            }
        }
    }
}

/** A word without its number. */
private fun String.bare(): String = plain().substringAfter(". ")
