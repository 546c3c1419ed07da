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
            val written = kit.does(KitEvent.Written)
            assertTrue(written.words.isEmpty() && written.relay == null && written.made != null, "$written")
            assertFalse(kit.does(KitEvent.Make).words == made.words)
            assertNull(kit.does(KitEvent.Dismiss).notice)
        }
    }

    @Test fun `a phone is lost, and another one is its person's`() = test {
        Relay(folder).use { relay ->
            val twelve = Phone(File(folder, "lost")).use { lost ->
                lost.setUp("آمنه", "prs")
                SyncPresenter(lost.session, lost.scope).does(SyncEvent.SetRelay(relay.url))
                lost.session.rafiq.checkIns.record(NewCheckIn(Feeling.HARD, contact = ContactWish.NO, share = SharePrivate, note = "دیروز"))
                val kit = KitPresenter(lost.session, lost.scope)
                val words = kit.does(KitEvent.Make).words.joinToString(" ") { it.plain().substringAfter(". ") }
                repeat(3) { lost.exchange() } // the inbox of the words, the space, and what is posted there
                assertEquals("می‌توان از آن‌ها استفاده کرد." to false, kit.does(KitEvent.Refresh).run { standing to waits })
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
                assertTrue(setUp.does(SetUpEvent.EnterKit(List(12) { "abandon" }.joinToString(" "), relay.url)).run { canGoOn && recovering })
                assertEquals(SetUpStep.PROTECTION, setUp.does(SetUpEvent.Next).step)
                setUp.does(SetUpEvent.ChooseProtection(false))
                /** What is said beside the words, which are still there. */
                suspend fun refused(words: String): String? {
                    setUp.does(SetUpEvent.EnterKit(words, relay.url))
                    setUp.does(SetUpEvent.Next)
                    val refused = setUp.does(SetUpEvent.Finish)
                    assertTrue(refused.run { step == SetUpStep.NAME && recovering && canGoOn && !busy }, "$refused")
                    assertEquals(Where.SetUp, phone.app.content().at)
                    return refused.notice
                }
                val misspelt = "این کلمه‌ها درست نیستند. لطفاً هر یک از دوازده کلمه را با کاغذ خود مقایسه کنید."
                assertEquals(misspelt, refused(List(12) { "abandon" }.joinToString(" ")))
                assertEquals(misspelt, refused("$twelve abandon"), "one too many")
                val others = "legal winner thank year wave sausage worth useful legal winner thank yellow"
                assertTrue(refused(others)!!.startsWith("این سرور واسطه چنین کلمه‌هایی را نمی‌شناسد."))
                val unreached = "اکنون نمی‌توان از سرور واسطهٔ کلمه‌های شما پرسید. هیچ چیز از دست نرفته است: لطفاً نشانی را با کاغذ خود مقایسه کنید یا بعدتر کوشش کنید."
                line = { throw IOException("cut") }
                assertEquals(unreached, refused(twelve))
                line = { phone.app.on(AppEvent.Suspend).join() }
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
