package org.rafiq.presenters

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.rafiq.Modality
import org.rafiq.Presence
import org.rafiq.SessionId
import org.rafiq.SupportGroupId
import java.io.File

/** A group, its meetings, and who came. */
class GroupTest {
    @TempDir lateinit var folder: File

    @Test fun `people without a phone, meetings planned, moved and cancelled`() = test {
        Phone(File(folder, "profile")).use { phone ->
            phone.setUp("Maria", "en")
            val group = GroupPresenter(phone.session, phone.foundGroup(), phone.scope)
            val empty = group.content()
            val said = listOf(empty.name, empty.members, empty.place!!, empty.noSessions!!).map { it.plain() }
            assertEquals(listOf("Neighbours", "1 member", "Place: Library", "No meeting is planned yet."), said)
            assertEquals(3, empty.modalities.size)
            val added = group.does(GroupEvent.AddPerson("Ахмад", "prs"))
            assertEquals("Ахмад is now in the group.", added.notice?.plain())
            assertEquals(setOf("Ахмад", "You"), added.people.map { it.name.plain() }.toSet())
            assertTrue(group.does(GroupEvent.AddPerson("", "prs")).notice != null)

            val planned = group.does(GroupEvent.Schedule(START_MS + HOUR_MS, "Library", Modality.IN_PERSON)).sessions.single()
            assertEquals("In person" to null, planned.modality to planned.attendance)
            assertNull(planned.conflict)
            val moved = group.does(GroupEvent.Move(planned.session, START_MS + 2 * HOUR_MS))
            assertEquals(START_MS + 2 * HOUR_MS, moved.sessions.single().startsAtMs)
            assertTrue(moved.notice!!.startsWith("The meeting is now at: "), moved.notice)
            phone.clock.now += 3 * HOUR_MS
            assertEquals(Place.Attendance(planned.session), group.does(GroupEvent.Refresh).sessions.single().attendance)
            val cancelled = group.does(GroupEvent.Cancel(planned.session)).sessions.single()
            assertEquals("This meeting does not take place." to null, cancelled.cancelled to cancelled.attendance)
            assertTrue(group.does(GroupEvent.Move(SessionId("nowhere"), START_MS)).notice != null)
            assertNull(group.does(GroupEvent.Dismiss).notice)
            val nowhere = GroupPresenter(phone.session, SupportGroupId("nowhere"), phone.scope).until { it != UiState.Loading }
            assertTrue(nowhere is UiState.Failed)
        }
    }

    @Test fun `two times that were kept are settled, and so are marks`() = test {
        Relay(folder).use { relay ->
            val clock = HandClock()
            val (maria, amina) = Phone(File(folder, "maria"), clock = clock) to Phone(File(folder, "amina"), clock = clock)
            maria.use { amina.use {
                maria.setUp("Maria", "en")
                amina.setUp("آمنه", "prs")
                SyncPresenter(maria.session, maria.scope).does(SyncEvent.SetRelay(relay.url))
                val id = maria.foundGroup()
                invite(maria, amina, id.value)
                val (hers, other) = GroupPresenter(maria.session, id, maria.scope) to GroupPresenter(amina.session, id, amina.scope)
                val session = hers.does(GroupEvent.Schedule(START_MS + HOUR_MS, "Library", Modality.HYBRID)).sessions.single().session
                repeat(2) { listOf(maria, amina).forEach { it.exchange() } }
                other.content { it.sessions.isNotEmpty() && it.people.size == 2 }
                hers.does(GroupEvent.Move(session, START_MS + 2 * HOUR_MS))
                other.does(GroupEvent.Move(session, START_MS + 3 * HOUR_MS))
                repeat(2) { listOf(maria, amina).forEach { it.exchange() } }
                val kept = other.content { it.sessions.single().times.isNotEmpty() }.sessions.single()
                assertEquals(listOf(START_MS + 2 * HOUR_MS, START_MS + 3 * HOUR_MS), kept.times.map { it.startsAtMs }, "the earliest first")
                assertEquals(kept.startsAtMs, kept.times.single { it.stands != null }.startsAtMs)
                assertTrue(kept.conflict != null)
                val settled = other.does(GroupEvent.ResolveTime(session, START_MS + 2 * HOUR_MS)).sessions.single()
                assertEquals(START_MS + 2 * HOUR_MS to null, settled.startsAtMs to settled.conflict)

                clock.now += 4 * HOUR_MS
                val came = AttendancePresenter(maria.session, session, maria.scope)
                val also = AttendancePresenter(amina.session, session, amina.scope)
                val first = came.content()
                assertEquals(listOf("Nobody is marked as present yet.") to null, first.counts to first.unsaved)
                val person = first.people.single { it.name.plain() == "آمنه" }.person
                val marked = came.does(AttendanceEvent.Mark(person, Presence.LATE))
                assertEquals("1 person came." to "1 mark is not saved yet", marked.counts.single().plain() to marked.unsaved?.plain())
                assertEquals(Presence.LATE, marked.people.single { it.person == person }.marks.single { it.chosen }.value)
                val saved = came.does(AttendanceEvent.Save)
                assertEquals(null to "Saved.", saved.unsaved to saved.notice)
                assertNull(came.does(AttendanceEvent.Dismiss).notice)
                also.does(AttendanceEvent.Mark(person, Presence.CAME))
                also.does(AttendanceEvent.Save)
                repeat(2) { listOf(maria, amina).forEach { it.exchange() } }
                val both = also.content { content -> content.people.any { it.others.isNotEmpty() } }.people.single { it.person == person }
                assertEquals(1 to setOf("آمد", "ناوقت آمد"), both.others.size to both.disputed.map { it.plain() }.toSet())
                val disputed = listOf("برای ۱ نفر دو نشانی متفاوت ثبت شده است.")
                assertEquals(disputed, also.content().counts.map { it.plain() }, "that somebody came is not said before it is agreed")
                val today = TodayPresenter(amina.session, amina.scope).content { content -> content.due.any { it.id.startsWith("conflict/") } }
                val conflict = today.due.first { it.id.startsWith("conflict/") }
                assertEquals(Place.Attendance(session) to "Neighbours", conflict.leadsTo to conflict.title?.plain(), "it names the group")
                val stands = both.marks.single { it.chosen }.value
                val settling = also.does(AttendanceEvent.Mark(person, stands))
                assertTrue(settling.unsaved != null, "choosing the one that stands settles it")
                assertTrue(settling.people.all { it.disputed.isEmpty() } && settling.counts.single().plain() == "۱ نفر آمد.", "$settling")
                assertTrue(also.does(AttendanceEvent.Save).people.all { it.others.isEmpty() })
                assertTrue(also.does(AttendanceEvent.Refresh).unsaved == null)
                val nowhere = AttendancePresenter(maria.session, SessionId("nowhere"), maria.scope).until { it != UiState.Loading }
                assertTrue(nowhere is UiState.Failed)
            } }
        }
    }
}
