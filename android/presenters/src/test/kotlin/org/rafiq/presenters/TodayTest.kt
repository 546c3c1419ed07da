package org.rafiq.presenters

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.rafiq.ContactWish
import org.rafiq.SharePairing
import org.rafiq.callsToCore
import java.io.File

class TodayTest {
    @TempDir lateinit var folder: File

    @Test fun `a first day is calm, and says so`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("آمنه", "prs")
            val shown = TodayPresenter(phone.session, phone.scope).content()
            assertEquals("یکشنبه ۱ قوس ۱۴۰۵", shown.date.plain().replace("،", ""))
            assertEquals("امروز کاری نیست.", shown.nothing)
            assertEquals("هنوز هیچ تبادله‌ای نشده است.", shown.sync)
            assertEquals(0 to emptyList<WaitingRow>(), shown.openRequests to shown.requests)
            assertEquals(phone.session.words.remark, shown.remark)
            assertTrue(shown.due.isEmpty() && shown.alerts.isEmpty() && shown.notice == null)
        }
    }

    /** The floor of a cold start: what the first screen costs beyond opening the profile, whatever is in it. */
    @Test fun `a cold start asks little`() = test {
        Relay(folder).use { relay ->
            Two(folder, relay).use { two -> two.join() }
            Phone(File(folder, "mentor")).use { phone ->
                val before = callsToCore.get()
                phone.start()
                val opened = callsToCore.get()
                val today = TodayPresenter(phone.session, phone.scope)
                assertTrue(today.content().due.isNotEmpty())
                val shown = callsToCore.get()
                println("cold start: ${opened - before} calls to open, ${shown - opened} for the first screen")
                assertTrue(opened - before <= 9, "opening: ${opened - before}")
                assertTrue(shown - opened <= 6, "the first screen: ${shown - opened}")
            }
        }
    }

    @Test fun `steps are done, alerts are settled, taps lead where they belong`() = test {
        Relay(folder).use { relay ->
            Two(folder, relay, mentorLanguage = "uk").use { two ->
                two.join()
                val today = TodayPresenter(two.mentor.session, two.mentor.scope)
                val step = today.content { content -> content.due.any { it.completes != null } }.due.first { it.completes != null }
                assertEquals(Place.Pairing(two.pairing), step.leadsTo)
                assertEquals(Tone.ORDINARY, step.tone)
                assertTrue(step.title?.plain() == "Olena & Amina" && step.details.any { it.startsWith("До:") }, "$step")
                assertTrue(today.does(step.completes!!).due.none { it.id == step.id })
                val refused = today.does(TodayEvent.CompleteStep(two.pairing, "no-such-step"))
                assertEquals("Цього тут більше немає. Можливо, це перенесли або вилучили.", refused.notice)
                assertTrue(refused.due.isNotEmpty(), "what is shown stays")
                assertNull(today.does(TodayEvent.Dismiss).notice)

                val checkIn = CheckInPresenter(two.newcomer.session, two.newcomer.scope)
                checkIn.on(CheckInEvent.ChooseFeeling(1))
                checkIn.on(CheckInEvent.Next)
                checkIn.on(CheckInEvent.ChooseContact(ContactWish.TODAY))
                checkIn.on(CheckInEvent.ChooseShare(SharePairing(two.pairing.value)))
                checkIn.does(CheckInEvent.Save)
                two.newcomer.exchange()
                two.mentor.exchange()
                val alert = today.content { it.alerts.isNotEmpty() }.alerts.single()
                assertEquals("آمنه просить зв’язатися сьогодні.", alert.text.plain())
                assertEquals(Place.Pairing(two.pairing) to null, alert.leadsTo to alert.unconfirmed)
                assertTrue(today.does(TodayEvent.Settle(alert.alert)).alerts.isEmpty())
                val settled = today.does(TodayEvent.Settle(alert.alert))
                assertEquals("Цього тут більше немає. Можливо, це перенесли або вилучили.", settled.notice)
            }
        }
    }

    @Test fun `meetings, conflicts and goals are due, each with its tone and place`() = test {
        Relay(folder).use { relay ->
            Two(folder, relay).use { two ->
                two.join()
                val mentor = PairingPresenter(two.mentor.session, two.pairing, two.mentor.scope)
                val newcomer = PairingPresenter(two.newcomer.session, two.pairing, two.newcomer.scope)
                val today = TodayPresenter(two.mentor.session, two.mentor.scope)
                mentor.does(PairingEvent.SetMeeting(START_MS + DAY_MS, "Library"))
                mentor.does(PairingEvent.AddGoal("Listen"))
                val meeting = today.content { content -> content.due.any { it.id.startsWith("at/") } }.due.single { it.id.startsWith("at/") }
                assertTrue(meeting.text.startsWith("Meeting: ") && meeting.details.last().plain() == "Place: Library", "$meeting")
                val goal = today.content { content -> content.due.any { it.id.startsWith("goal/") } }.due.single { it.id.startsWith("goal/") }
                assertEquals(Tone.CALM to "Your goal: Listen", goal.tone to goal.text.plain())
                assertEquals("Olena & Amina" to "Olena & Amina", meeting.title?.plain() to goal.title?.plain(), "each says of whom it is")
                newcomer.does(PairingEvent.SetMeeting(START_MS + 2 * DAY_MS, "کتابخانه"))
                two.exchange()
                val conflict = today.content { content -> content.due.any { it.id.startsWith("conflict/") } }.due.first()
                assertEquals("Two meeting times were kept, because both were entered without a connection. Please choose one.", conflict.text)
                assertEquals(Place.Pairing(two.pairing) to Tone.ORDINARY, conflict.leadsTo to conflict.tone)
            }
        }
    }
}
