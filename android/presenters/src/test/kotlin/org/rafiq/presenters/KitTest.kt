package org.rafiq.presenters

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.rafiq.ContactWish
import org.rafiq.Feeling
import org.rafiq.NewCheckIn
import org.rafiq.SharePrivate
import java.io.File

/** Twelve words on paper, from the phone on which they are made to the one that they bring everything back to. */
class KitTest {
    @TempDir lateinit var folder: File

    @Test fun `words are made, shown once, and replaced`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("آمنه", "prs")
            val kit = KitPresenter(phone.session, phone.scope)
            val none = kit.content()
            assertEquals("اول باید سرور واسطه تعیین شود.", none.missing)
            assertTrue(none.made == null && none.standing == null && none.words.isEmpty() && none.relay == null, "$none")
            assertTrue(kit.does(KitEvent.Make).run { words.isEmpty() && made == null && notice != null }, "nothing could keep anything for them")
            SyncPresenter(phone.session, phone.scope).does(SyncEvent.SetRelay("http://127.0.0.1:9"))
            assertNull(kit.content { it.missing == null }.made)
            val made = kit.does(KitEvent.Make)
            assertEquals(12 to "http://127.0.0.1:9", made.words.size to made.relay?.plain())
            assertTrue(made.words.first().plain().startsWith("۱. ") && made.words.last().plain().startsWith("۱۲. "), "${made.words}")
            assertEquals("پس از تبادلهٔ بعدی می‌توان از آن‌ها استفاده کرد.", made.standing)
            assertEquals(made.words, kit.does(KitEvent.Refresh).words, "whoever is writing them down is not hurried")
            assertTrue(KitPresenter(phone.session, phone.scope).content().run { words.isEmpty() && this.made == made.made }, "they are shown this once")
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
                lost.exchange()
                kit.content { it.standing == "می‌توان از آن‌ها استفاده کرد." }
                words
            }
            Phone(File(folder, "new")).use { phone ->
                phone.start()
                val setUp = SetUpPresenter(phone.app, phone.scope)
                setUp.does(SetUpEvent.Next)
                assertFalse(setUp.does(SetUpEvent.ChooseRecovering(true)).canGoOn)
                assertFalse(setUp.does(SetUpEvent.EnterKit("legal winner", relay.url)).canGoOn, "two of twelve")
                assertFalse(setUp.does(SetUpEvent.EnterKit(twelve, " ")).canGoOn)
                assertTrue(setUp.does(SetUpEvent.EnterKit(List(12) { "abandon" }.joinToString(" "), relay.url)).run { canGoOn && recovering })
                assertEquals(SetUpStep.PROTECTION, setUp.does(SetUpEvent.Next).step)
                setUp.does(SetUpEvent.ChooseProtection(false))
                val wrong = setUp.does(SetUpEvent.Finish)
                assertEquals("These words do not fit. Please compare each of the twelve with your paper." to false, wrong.notice to wrong.busy)
                assertEquals(Where.SetUp, phone.app.content().at)
                setUp.does(SetUpEvent.EnterKit("  ${twelve.replaceFirst(" ", "\n")} ", relay.url))
                setUp.on(SetUpEvent.Finish).join()
                assertEquals("آمنه" to "prs", ProfilePresenter(phone.session, phone.scope).content().name to phone.session.words.tag)
                phone.exchange()
                assertEquals("دیروز", CheckInsPresenter(phone.session, phone.scope).content().checkIns.single().note)
            }
        }
    }
}
