package org.rafiq.presenters

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.rafiq.ContactWish
import org.rafiq.Feeling
import org.rafiq.HelpKind
import org.rafiq.NewCheckIn
import org.rafiq.Person
import org.rafiq.PersonRef
import org.rafiq.RafiqException
import org.rafiq.SharePairing
import org.rafiq.SharePrivate
import java.io.File

class CheckInTest {
    @TempDir lateinit var folder: File

    @Test fun `three taps keep a check-in that nobody else sees`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("Amina", "en")
            val checkIn = CheckInPresenter(phone.session, phone.scope)
            val first = checkIn.content()
            assertEquals("How is it going?", first.question)
            assertEquals(listOf(1, 2, 3, 4, 5), first.faces.map { it.value })
            assertEquals("Very hard" to "A face in tears", first.faces[0].text to first.faces[0].description)
            assertEquals(SharePrivate, first.shares.single { it.chosen }.value)
            assertEquals(ContactWish.NO, first.contacts.single { it.chosen }.value)
            checkIn.on(CheckInEvent.Next).join()
            assertEquals(CheckInStep.FEELING, checkIn.content().step, "a face comes first")
            val help = checkIn.does(CheckInEvent.ChooseFeeling(4))
            assertEquals(CheckInStep.HELP to 4, help.step to help.faces.single { it.chosen }.value)
            val contact = checkIn.does(CheckInEvent.Next)
            assertEquals(CheckInStep.CONTACT to "Shall someone contact you?", contact.step to contact.question)
            val kept = checkIn.does(CheckInEvent.Save)
            assertEquals(CheckInStep.KEPT to "Saved. It is shared with nobody.", kept.step to kept.kept)
            assertNull(kept.danger)
            checkIn.does(CheckInEvent.Save)
            assertEquals(1, phone.session.rafiq.checkIns.list(org.rafiq.CheckInFilter(), 10).items.size, "a second tap keeps nothing twice")
            val again = checkIn.does(CheckInEvent.Again)
            assertTrue(again.step == CheckInStep.FEELING && again.kept == null && again.faces.none { it.chosen })
        }
    }

    @Test fun `every choice can be changed, and a wish that nobody would hear is asked about`() = test {
        Relay(folder).use { relay ->
            Two(folder, relay).use { two ->
                two.join()
                val phone = two.newcomer
                val checkIn = CheckInPresenter(phone.session, phone.scope)
                checkIn.does(CheckInEvent.ChooseFeeling(2))
                checkIn.does(CheckInEvent.ToggleHelp(HelpKind.PRACTICAL))
                checkIn.does(CheckInEvent.ToggleHelp(HelpKind.EMOTIONAL))
                val helps = checkIn.does(CheckInEvent.ToggleHelp(HelpKind.PRACTICAL)).helps.filter { it.chosen }
                assertEquals(listOf(HelpKind.EMOTIONAL to "کسی که گوش بدهد"), helps.map { it.value to it.text })
                checkIn.does(CheckInEvent.Next)
                assertEquals(CheckInStep.HELP, checkIn.does(CheckInEvent.Back).step)
                assertEquals(CheckInStep.FEELING, checkIn.does(CheckInEvent.Back).step)
                checkIn.does(CheckInEvent.ChooseFeeling(1))
                checkIn.does(CheckInEvent.Next)
                assertEquals("امروز", checkIn.does(CheckInEvent.WriteNote("امروز")).note)
                checkIn.does(CheckInEvent.ChooseContact(ContactWish.TODAY))
                val asked = checkIn.does(CheckInEvent.Save)
                assertEquals(CheckInStep.CONTACT to "لطفاً انتخاب کنید که این را با کی شریک می‌سازید.", asked.step to asked.notice)
                assertNull(checkIn.does(CheckInEvent.Dismiss).notice)
                val shares = asked.shares
                assertEquals("من و کسانی که در «Olena & Amina» هستند", shares[1].text.plain())
                checkIn.does(CheckInEvent.ChooseShare(shares[1].value))
                val kept = checkIn.does(CheckInEvent.Save)
                assertEquals("ذخیره شد. همین که ارتباط برقرار شود، پیش از هر چیز به Олена خبر داده می‌شود.", kept.kept?.plain())
                assertEquals("اگر در خطر هستید، منتظر جواب نمانید: به شمارهٔ عاجل زنگ بزنید.", kept.danger)
                checkIn.does(CheckInEvent.Again)
                checkIn.does(CheckInEvent.ChooseFeeling(3))
                checkIn.does(CheckInEvent.Next)
                checkIn.does(CheckInEvent.ChooseShare(shares[1].value))
                val shared = checkIn.does(CheckInEvent.Save)
                assertEquals("ذخیره شد. Олена پس از تبادلهٔ بعدی آن را می‌بیند.", shared.kept?.plain())
                assertNull(shared.danger)

                two.exchange()
                val seen = CheckInsPresenter(two.mentor.session, two.mentor.scope).content { it.checkIns.size == 2 }
                assertFalse(seen.checkIns.any { it.isMine })
                assertEquals("آمنه" to "Shared with: Olena & Amina", seen.checkIns[0].run { name.plain() to seenBy.plain() })
                val contacts = setOf("Would like to be contacted: no", "Would like to be contacted: today")
                assertEquals(contacts, seen.checkIns.map { it.contact }.toSet()) // both at the same moment, by a clock that stands
                val retract = CheckInsPresenter(two.mentor.session, two.mentor.scope).run {
                    content()
                    does(CheckInsEvent.Retract(seen.checkIns[0].id))
                }
                assertEquals("Your role here does not allow this. Please ask your coordinator.", retract.notice)
            }
        }
    }

    @Test fun `check-ins are listed in pages, newest first, and can be taken back`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("آمنه", "prs")
            val list = CheckInsPresenter(phone.session, phone.scope)
            assertEquals(UiState.Empty("هنوز احوال‌دهی نیست. هر وقت خواسته باشید می‌توانید بنویسید."), list.until { it != UiState.Loading })
            repeat(25) {
                phone.clock.now += HOUR_MS
                phone.session.rafiq.checkIns.record(NewCheckIn(Feeling.HARD, listOf(HelpKind.INFORMATION), ContactWish.NO, SharePrivate, "$it"))
            }
            val first = list.content { it.checkIns.size == 20 && it.checkIns[0].note == "24" }
            assertTrue(first.hasMore)
            val row = first.checkIns[0]
            assertEquals(listOf("شما", "سخت", "خواهش تماس: نیست", "با هیچ کس شریک نیست"), listOf(row.name, row.feelingText, row.contact, row.seenBy))
            assertEquals(listOf("معلومات") to 2, row.helps to row.feeling)
            val all = list.does(CheckInsEvent.More)
            assertTrue(all.checkIns.size == 25 && !all.hasMore)
            val after = list.does(CheckInsEvent.Retract(row.id))
            assertEquals(24 to "پس گرفته شد.", after.checkIns.size to after.notice)
            assertNull(list.does(CheckInsEvent.Dismiss).notice)
            assertEquals(24, list.does(CheckInsEvent.Refresh).checkIns.size)
        }
    }

    @Test fun `words are taken back, and the receipt says from which phones they are gone`() = test {
        Relay(folder).use { relay ->
            Two(folder, relay).use { two ->
                two.join()
                val (mine, theirs) = listOf(two.newcomer, two.mentor).map { CheckInsPresenter(it.session, it.scope) }
                val rafiq = two.newcomer.session.rafiq
                rafiq.checkIns.record(NewCheckIn(Feeling.HARD, contact = ContactWish.NO, share = SharePairing(two.pairing.value), note = "دیروز"))
                two.exchange()
                assertEquals(listOf("دیروز"), theirs.content { it.checkIns.size == 1 }.checkIns.map { it.note })
                val row = mine.content { it.checkIns.size == 1 }.checkIns.single()
                assertTrue(listOf(row.eraseAsk, row.retractAsk).all { "کسی که از «Olena & Amina» رفته است" in it!!.plain() } && row.receipt.isEmpty(), "$row")
                val after = mine.does(CheckInsEvent.EraseWords(row.id))
                assertEquals("آنچه نوشته بودید از این تیلفون پاک شد.", after.notice)
                val gone = after.checkIns.single()
                assertEquals(null to "آنچه این‌جا نوشته شده بود پاک شده است.", gone.eraseAsk to gone.note)
                val unconfirmed = listOf("از این تیلفون پاک شده است", "تیلفون Олена هنوز تأیید نکرده است: شاید هنوز در آن باشد")
                assertEquals(unconfirmed, gone.receipt.map { it.plain() })
                two.exchange()
                two.exchange()
                val confirmed = listOf("از این تیلفون پاک شده است", "از تیلفون Олена پاک شده است")
                mine.content { content -> content.checkIns.single().receipt.map { it.plain() } == confirmed }
                val there = theirs.content { it.checkIns.single().note == "What was written here has been erased." }.checkIns.single()
                assertEquals(listOf("Gone from this phone", "Gone from آمنه’s phone"), there.receipt.map { it.plain() }, "a steward sees it, too")
                mine.erasures = { throw RafiqException.Corrupt() }
                val unread = mine.does(CheckInsEvent.Refresh).checkIns.single()
                assertEquals(listOf("از این تیلفون پاک شده است", "اکنون معلوم نیست که از کدام تیلفون‌های دیگر پاک شده است"), unread.receipt)
                mine.erasures = { rafiq.sync.erasures(10).map { it.copy(devices = emptyList()) } }
                assertEquals(unread, mine.does(CheckInsEvent.Refresh).checkIns.single())
                mine.erasures = { rafiq.sync.erasures(10) }

                two.newcomer.clock.now += HOUR_MS
                rafiq.checkIns.record(NewCheckIn(Feeling.GOOD, contact = ContactWish.NO, share = SharePrivate, note = "امروز"))
                val private = mine.content { it.checkIns.size == 2 }.checkIns[0]
                assertTrue(listOf(private.eraseAsk!!, private.retractAsk!!).all { "کسی که از" !in it && "با هیچ کس شریک نیست" in it }, "nobody else reads it")
                assertEquals(listOf("از این تیلفون پاک شده است"), mine.does(CheckInsEvent.EraseWords(private.id)).checkIns[0].receipt)
                assertEquals(2, mine.content().checkIns.size, "the check-ins themselves stay")
            }
        }
    }

    @Test fun `a steward erases what somebody else wrote, and has the receipt`() = test {
        Relay(folder).use { relay ->
            Two(folder, relay).use { two ->
                two.join()
                val (mine, theirs) = listOf(two.newcomer, two.mentor).map { CheckInsPresenter(it.session, it.scope) }
                val share = SharePairing(two.pairing.value)
                two.newcomer.session.rafiq.checkIns.record(NewCheckIn(Feeling.HARD, contact = ContactWish.NO, share = share, note = "دیروز"))
                two.exchange()
                val seen = theirs.content { it.checkIns.size == 1 }.checkIns.single()
                assertTrue(seen.eraseAsk!!.plain().startsWith("Erase what آمنه wrote here?") && seen.retractAsk == null, "$seen")
                val erased = theirs.does(CheckInsEvent.EraseWords(seen.id))
                assertEquals("What آمنه wrote is gone from this phone. The others hear of it with the next exchange.", erased.notice?.plain())
                val row = erased.checkIns.single()
                assertEquals(null to "What was written here has been erased.", row.eraseAsk to row.note)
                val unconfirmed = listOf("Gone from this phone", "Not confirmed yet by آمنه’s phone: it may still hold it")
                assertEquals(unconfirmed, row.receipt.map { it.plain() })
                repeat(2) { two.exchange() }
                theirs.content { content -> content.checkIns.single().receipt.map { it.plain() } == listOf("Gone from this phone", "Gone from آمنه’s phone") }
                val own = mine.content { it.checkIns.single().receipt.isNotEmpty() }.checkIns.single()
                assertTrue(own.note == "آنچه این‌جا نوشته شده بود پاک شده است." && own.eraseAsk == null && own.retractAsk != null, "$own")
            }
        }
    }

    @Test fun `whoever has left is not told, and tells nobody, and the sentences say so`() = test {
        Relay(folder).use { relay ->
            Two(folder, relay).use { two ->
                two.join()
                val (mine, theirs) = listOf(two.newcomer, two.mentor).map { CheckInsPresenter(it.session, it.scope) }
                val share = SharePairing(two.pairing.value)
                for (phone in listOf(two.newcomer, two.mentor)) {
                    phone.session.rafiq.checkIns.record(NewCheckIn(Feeling.HARD, contact = ContactWish.NO, share = share, note = "..."))
                }
                two.exchange()
                two.mentor.session.rafiq.sharing.leave(two.pairing.value)
                two.exchange()
                val left = theirs.content { content -> content.checkIns.size == 2 && content.checkIns.all { it.retractAsk == null } }.checkIns
                assertNull(left.single { !it.isMine }.eraseAsk, "a steward no more")
                val own = left.single { it.isMine }
                assertTrue(own.eraseAsk!!.plain().startsWith("Take back what you wrote here? You are no longer in “Olena & Amina”"), own.eraseAsk)
                val alone = theirs.does(CheckInsEvent.EraseWords(own.id)).checkIns.single { it.isMine }
                val unheard = listOf(
                    "Gone from this phone", "Not confirmed yet by آمنه’s phone: it may still hold it",
                    "You are no longer in “Olena & Amina”: a phone that has not confirmed may keep it",
                )
                assertEquals(unheard, alone.receipt.map { it.plain() })
                val row = mine.content { it.checkIns.size == 2 }.checkIns.single { it.isMine }
                val gone = mine.does(CheckInsEvent.EraseWords(row.id)).checkIns.single { it.isMine }
                assertEquals(
                    listOf("از این تیلفون پاک شده است", "Олена دیگر اینجا نیست: آنچه به تیلفونش رسیده بود، در آن می‌ماند"), gone.receipt.map { it.plain() },
                )
            }
        }
    }

    @Test fun `somebody goes by the name of the space that is spoken of`() {
        fun person(name: String) = Person(PersonRef("1"), name, "en", isMe = false, enteredBy = null)
        val rosters = Rosters(mapOf("one" to listOf(person("Amina")), "other" to listOf(person("A.")), "nameless" to listOf(person(""))))
        assertEquals(listOf("Amina", "A.", null, null), listOf("one", "other", "nameless", "third").map { rosters.name(it, "1") })
    }
}
