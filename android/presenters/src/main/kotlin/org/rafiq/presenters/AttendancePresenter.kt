package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import org.rafiq.AttendanceMark
import org.rafiq.Mark
import org.rafiq.PersonRef
import org.rafiq.Presence
import org.rafiq.SessionId

/** Who came to a session. */
data class AttendanceContent(
    /** The group. */
    val title: String,
    /** When it was. */
    val at: String,
    val people: List<AttendanceRow>,
    /** How many came, as far as it is agreed; and how many are marked in two ways. A sentence each. */
    val counts: List<String>,
    /** How many marks are not saved yet; null for none. */
    val unsaved: String?,
    val remark: String?,
    val notice: String?,
)

/** Somebody, with their mark. */
data class AttendanceRow(
    val person: PersonRef,
    val name: String,
    /** The marks, the one that stands or is about to chosen. */
    val marks: List<Choice<Presence>>,
    /** What others marked meanwhile; saving a mark settles it. */
    val others: List<String>,
    /** The ways somebody was marked in, what stands first: nothing is to look chosen. Empty where it is agreed, or one has been chosen. */
    val disputed: List<String>,
)

/** What a person marks. */
sealed interface AttendanceEvent {
    /** Not kept before [Save]. */
    data class Mark(val person: PersonRef, val presence: Presence) : AttendanceEvent

    /** Keeps all of them in one write. */
    data object Save : AttendanceEvent
    data object Refresh : AttendanceEvent
    data object Dismiss : AttendanceEvent
}

/** Who came to one session. Marks are kept when they are saved, all in one write. */
class AttendancePresenter(session: Session, private val id: SessionId, scope: CoroutineScope) :
    SessionPresenter<AttendanceContent, AttendanceEvent>(session, scope) {
    private var marks = LinkedHashMap<PersonRef, Presence>()

    init {
        begin()
    }

    override suspend fun look(): UiState<AttendanceContent> {
        val zone = session.zone
        val held = session.ask { groups.session(id) }
        val group = session.ask { groups.get(held.group) }
        val people = session.ask { groups.attendance(id) }
        val unsaved = people.count { differs(it) }
        val disputed = people.count { isDisputed(it) }
        val came = people.count { !isDisputed(it) && (marks[it.person] ?: it.presence) in CAME }
        return session.words.say {
            if (people.isEmpty()) UiState.Empty(text("app-attendance-none"))
            else UiState.Content(
                AttendanceContent(
                    title = apart(group.name),
                    at = moment(held.startsAtMs, zone),
                    people = people.map { row(it) },
                    counts = listOfNotNull(
                        if (came > 0 || disputed == 0) text("attendance-count", "count" to came) else null,
                        if (disputed > 0) text("attendance-disputed", "count" to disputed) else null,
                    ),
                    unsaved = if (unsaved > 0) text("app-unsaved", "count" to unsaved) else null,
                    remark = remark,
                    notice = notice,
                ),
            )
        }
    }

    override suspend fun perform(event: AttendanceEvent) {
        when (event) {
            is AttendanceEvent.Mark -> marks[event.person] = event.presence
            AttendanceEvent.Save -> if (marks.isNotEmpty()) {
                session.ask { groups.recordAttendance(id, marks.map { (person, presence) -> Mark(person, presence) }) }
                marks = LinkedHashMap()
                notice = session.words.say { text("app-saved") }
            }
            AttendanceEvent.Refresh, AttendanceEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: AttendanceContent, notice: String?) = content.copy(notice = notice)

    /** Whether saving would change what stands: another mark, or one of several that were kept. */
    private fun differs(stands: AttendanceMark): Boolean {
        val mark = marks[stands.person] ?: return false
        return mark != stands.presence || stands.others.isNotEmpty()
    }

    /** Whether it was marked in two ways and none has been chosen yet. */
    private fun isDisputed(stands: AttendanceMark): Boolean = stands.others.isNotEmpty() && stands.person !in marks

    private fun Sayer.row(stands: AttendanceMark): AttendanceRow {
        val mark = marks[stands.person] ?: stands.presence
        return AttendanceRow(
            person = stands.person,
            name = apart(stands.name),
            marks = Presence.entries.map { Choice(it, presence(it), it == mark) },
            others = stands.others.map { presence(it) },
            disputed = if (isDisputed(stands)) (listOfNotNull(stands.presence) + stands.others).map { presence(it) } else emptyList(),
        )
    }

    private companion object {
        val CAME = setOf(Presence.CAME, Presence.LATE)
    }
}
