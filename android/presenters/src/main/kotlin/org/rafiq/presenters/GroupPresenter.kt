package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import org.rafiq.Modality
import org.rafiq.NewPerson
import org.rafiq.NewSession
import org.rafiq.SessionId
import org.rafiq.SupportGroupId

/** A group: its people and its meetings. */
data class GroupContent(
    val name: String,
    /** "7 members". */
    val members: String,
    val place: String?,
    val people: List<PersonRow>,
    /** From a week ago on, the earliest first. */
    val sessions: List<SessionRow>,
    val noSessions: String?,
    /** For a new session. */
    val modalities: List<Choice<Modality>>,
    val days: List<DayChoice>,
    /** For somebody without a phone. */
    val languages: List<LanguageChoice>,
    val remark: String?,
    val notice: String?,
)

/** A session of a group. */
data class SessionRow(
    val session: SessionId,
    val text: String,
    val place: String?,
    val modality: String,
    val startsAtMs: Long,
    /** It does not take place, in a sentence. */
    val cancelled: String?,
    /** Two times were kept, in a sentence. */
    val conflict: String?,
    /** The times to choose from, the earliest first; empty without a conflict. */
    val times: List<TimeOption>,
    /** Who came; once it has begun. */
    val attendance: Place?,
)

/** A time to choose. None of them is chosen before somebody does: one merely stands meanwhile, and that is said. */
data class TimeOption(val startsAtMs: Long, val text: String, val stands: String?)

/** What a person does in a group. */
sealed interface GroupEvent {
    data class Schedule(val startsAtMs: Long, val place: String, val modality: Modality) : GroupEvent
    data class Move(val session: SessionId, val startsAtMs: Long) : GroupEvent
    data class ResolveTime(val session: SessionId, val startsAtMs: Long) : GroupEvent
    data class Cancel(val session: SessionId) : GroupEvent
    data class AddPerson(val name: String, val language: String) : GroupEvent
    data object Refresh : GroupEvent
    data object Dismiss : GroupEvent
}

/** One group, its people and its meetings. */
class GroupPresenter(session: Session, private val id: SupportGroupId, scope: CoroutineScope) :
    SessionPresenter<GroupContent, GroupEvent>(session, scope) {
    init {
        begin()
    }

    override suspend fun look(): UiState<GroupContent> {
        val (now, zone) = session.nowMs to session.zone
        val group = session.ask { groups.get(id) }
        val people = session.ask { people.list(id.value) }
        val sessions = session.ask { groups.sessions(id, now - SHOWN_SINCE_MS, MOST_SESSIONS) }.items
        return session.words.say {
            UiState.Content(
                GroupContent(
                    name = apart(group.name),
                    members = text("group-members", "count" to group.people),
                    place = place(group.place),
                    people = people.map { PersonRow(it.id, if (it.isMe) text("app-you") else apart(it.name), null, it.isMe, hearsFirst = false) },
                    sessions = sessions.map { row(it, now, zone) },
                    noSessions = when {
                        sessions.isNotEmpty() -> null
                        group.capacity == 0 -> text("app-not-arrived")
                        else -> text("session-none")
                    },
                    modalities = Modality.entries.map { Choice(it, modality(it)) },
                    days = days(now, zone),
                    languages = languageChoices(session.words.spokenIn),
                    remark = remark,
                    notice = notice,
                ),
            )
        }
    }

    override suspend fun perform(event: GroupEvent) {
        val zone = session.zone
        when (event) {
            is GroupEvent.Schedule ->
                session.ask { groups.scheduleSession(id, NewSession(event.startsAtMs, zone, event.place.trim(), event.modality)) }
            is GroupEvent.Move -> {
                session.ask { groups.moveSession(event.session, event.startsAtMs) }
                notice = session.words.say { text("session-time-changed", "date" to momentOf(event.startsAtMs, zone)) }
            }
            is GroupEvent.ResolveTime -> {
                session.ask { groups.resolveSessionTime(event.session, event.startsAtMs) }
                notice = session.words.say { text("conflict-resolved", "date" to momentOf(event.startsAtMs, zone)) }
            }
            is GroupEvent.Cancel -> session.ask { groups.cancelSession(event.session) }
            is GroupEvent.AddPerson -> {
                val person = session.ask { people.addPerson(id.value, NewPerson(event.name.trim(), event.language)) }
                notice = session.words.say { text("app-person-added", "name" to person.name) }
            }
            GroupEvent.Refresh, GroupEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: GroupContent, notice: String?) = content.copy(notice = notice)

    private fun Sayer.row(session: org.rafiq.Session, now: Long, zone: String): SessionRow {
        val times = if (session.otherTimesMs.isEmpty()) emptyList() else (listOf(session.startsAtMs) + session.otherTimesMs).sorted()
        return SessionRow(
            session = session.id,
            text = moment(session.startsAtMs, zone),
            place = place(session.place),
            modality = modality(session.modality),
            startsAtMs = session.startsAtMs,
            cancelled = if (session.cancelled) text("app-session-cancelled") else null,
            conflict = if (times.isEmpty()) null else text("conflict-meeting-time"),
            times = times.map { TimeOption(it, moment(it, zone), if (it == session.startsAtMs) text("conflict-stands") else null) },
            attendance = if (session.startsAtMs <= now && !session.cancelled) Place.Attendance(session.id) else null,
        )
    }

    private companion object {
        /** A week: who came last time may still be entered. */
        const val SHOWN_SINCE_MS = 7L * 24 * 60 * 60 * 1000
        const val MOST_SESSIONS = 100
    }
}
