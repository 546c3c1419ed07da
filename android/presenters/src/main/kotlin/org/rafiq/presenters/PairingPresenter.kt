package org.rafiq.presenters

import kotlinx.coroutines.CoroutineScope
import org.rafiq.ArgFormatted
import org.rafiq.Contact
import org.rafiq.ContactKind
import org.rafiq.Goal
import org.rafiq.GoalId
import org.rafiq.HelpKind
import org.rafiq.Meeting
import org.rafiq.Milestone
import org.rafiq.MilestoneListed
import org.rafiq.MilestoneOwn
import org.rafiq.NewContact
import org.rafiq.NextMeeting
import org.rafiq.Pairing
import org.rafiq.PairingId
import org.rafiq.PersonRef
import org.rafiq.PlanStep
import org.rafiq.ReachedMilestone
import org.rafiq.SupportModelInfo

/** A pairing: two people and what they are on the way with. */
data class PairingContent(
    val title: String,
    /** The pairing itself has not arrived yet, in a sentence; the rest is empty then. */
    val waiting: String?,
    /** "Week 3". */
    val week: String?,
    /** One may stop at any time. */
    val freedom: String,
    val people: List<PersonRow>,
    /** The parts to choose from; empty once one has taken one. */
    val roles: List<Choice<String>>,
    val meeting: MeetingContent,
    val goals: List<GoalRow>,
    val noGoals: String?,
    val milestones: List<MilestoneRow>,
    val noMilestones: String?,
    val catalogue: List<MilestoneArea>,
    val steps: List<StepRow>,
    val noSteps: String?,
    val contacts: List<ContactRow>,
    val noContacts: String?,
    val contactKinds: List<Choice<ContactKind>>,
    val helpKinds: List<Choice<HelpKind>>,
    val days: List<DayChoice>,
    val remark: String?,
    val notice: String?,
)

/** The next meeting, or the ones that were kept. */
data class MeetingContent(
    /** When, or that none is planned. */
    val text: String,
    val place: String?,
    /** For the fields of a new one. */
    val startsAtMs: Long?,
    /** Two were kept, in a sentence. */
    val conflict: String?,
    /** The ones to choose from, the earliest first; empty without a conflict. */
    val choices: List<MeetingOption>,
)

/** A meeting to choose; one of them stands meanwhile, and that is said. */
data class MeetingOption(val meeting: Meeting, val text: String, val place: String?, val stands: String?)

/** A goal; one's own can be reached or set aside. */
data class GoalRow(val goal: GoalId, val text: String, val by: String, val standing: String, val isReached: Boolean, val isMine: Boolean)

/** A small victory. */
data class MilestoneRow(val id: String, val text: String, val by: String, val at: String)

/** Small victories to choose from, of one area. */
data class MilestoneArea(val title: String, val milestones: List<Choice<String>>)

/** A step that has begun and is open. */
data class StepRow(
    val step: String,
    val text: String,
    /** Who does it. */
    val role: String,
    /** By when, or since when. */
    val due: String,
    /** The list it belongs to. */
    val checklist: String?,
    val tone: Tone,
    val isMine: Boolean,
)

/** A contact. */
data class ContactRow(val id: String, val kind: String, val help: String, val at: String, val by: String)

/** What a person does in a pairing. */
sealed interface PairingEvent {
    data class TakeRole(val role: String) : PairingEvent
    data class SetMeeting(val startsAtMs: Long, val place: String) : PairingEvent
    data class ResolveMeeting(val choice: Meeting) : PairingEvent
    data class AddGoal(val text: String) : PairingEvent
    data class FinishGoal(val goal: GoalId) : PairingEvent
    data class WithdrawGoal(val goal: GoalId) : PairingEvent
    data class ReachMilestone(val id: String) : PairingEvent
    data class ReachOwn(val text: String) : PairingEvent
    data class CompleteStep(val step: String) : PairingEvent
    data class LogContact(val kind: ContactKind, val help: HelpKind) : PairingEvent
    data class SetResponder(val person: PersonRef) : PairingEvent
    data object Refresh : PairingEvent
    data object Dismiss : PairingEvent
}

/** One pairing, with everything that two people do there. */
class PairingPresenter(session: Session, private val id: PairingId, scope: CoroutineScope) :
    SessionPresenter<PairingContent, PairingEvent>(session, scope) {
    init {
        begin()
    }

    override suspend fun look(): UiState<PairingContent> {
        val (now, zone) = session.nowMs to session.zone
        val pairing = session.ask { mentoring.get(id) }
        val goals = session.ask { mentoring.goals(id) }
        val milestones = session.ask { mentoring.milestones(id) }
        val steps = session.ask { mentoring.plan(id, now, 0, zone) }.filter { !it.done }
        val contacts = session.ask { mentoring.contacts(id, MOST_CONTACTS) }
        val model = session.models().find { it.id == pairing.model }
        return session.words.say {
            val names = names(pairing)
            UiState.Content(
                PairingContent(
                    title = apart(pairing.title),
                    waiting = if (pairing.model.isEmpty()) text("app-not-arrived") else null,
                    week = if (pairing.model.isEmpty() || pairing.startedAtMs > now) null
                    else text("pairing-week", "week" to (now - pairing.startedAtMs) / WEEK_MS + 1),
                    freedom = text("pairing-no-reason-needed"),
                    people = people(pairing, names),
                    roles = if (pairing.myRole != null) emptyList() else model?.roles.orEmpty().map { Choice(it.id, role(it.id)) },
                    meeting = meeting(pairing.nextMeeting, zone),
                    goals = goals.map { goal(it, names) },
                    noGoals = if (goals.isEmpty()) text("app-goals-none") else null,
                    milestones = milestones.map { milestone(it, names, zone) },
                    noMilestones = if (milestones.isEmpty()) text("app-milestones-none") else null,
                    catalogue = catalogue(model, milestones),
                    steps = steps.map { step(it, now, zone) },
                    noSteps = if (steps.isEmpty()) text("app-steps-none") else null,
                    contacts = contacts.map { contact(it, names, zone) },
                    noContacts = if (contacts.isEmpty()) text("app-contacts-none") else null,
                    contactKinds = ContactKind.entries.map { Choice(it, contactKind(it)) },
                    helpKinds = HelpKind.entries.map { Choice(it, help(it)) },
                    days = days(now, zone),
                    remark = remark,
                    notice = notice,
                ),
            )
        }
    }

    override suspend fun perform(event: PairingEvent) {
        val words = session.words
        val zone = session.zone
        when (event) {
            is PairingEvent.TakeRole -> session.ask { mentoring.takeRole(id, event.role) }
            is PairingEvent.SetMeeting ->
                session.ask { mentoring.setNextMeeting(id, Meeting(event.startsAtMs, zone, event.place.trim())) }
            is PairingEvent.ResolveMeeting -> {
                session.ask { mentoring.resolveNextMeeting(id, event.choice) }
                notice = words.say { text("conflict-resolved", "date" to momentOf(event.choice.startsAtMs, zone)) }
            }
            is PairingEvent.AddGoal -> {
                val goal = session.ask { mentoring.addGoal(id, event.text.trim()) }
                notice = words.say { text("goal-added", "goal" to goal.text) }
            }
            is PairingEvent.FinishGoal -> session.ask { mentoring.finishGoal(event.goal) }
            is PairingEvent.WithdrawGoal -> session.ask { mentoring.withdrawGoal(event.goal) }
            is PairingEvent.ReachMilestone -> reach(MilestoneListed(event.id))
            is PairingEvent.ReachOwn -> reach(MilestoneOwn(event.text.trim()))
            is PairingEvent.CompleteStep -> {
                session.ask { mentoring.completeStep(id, event.step) }
                notice = words[Word.DONE]
            }
            is PairingEvent.LogContact -> {
                session.ask { mentoring.logContact(id, NewContact(event.kind, event.help, session.nowMs)) }
                notice = words.say { text("app-saved") }
            }
            is PairingEvent.SetResponder -> session.ask { mentoring.setResponder(id, event.person) }
            PairingEvent.Refresh, PairingEvent.Dismiss -> Unit
        }
    }

    override fun noted(content: PairingContent, notice: String?) = content.copy(notice = notice)

    private suspend fun reach(milestone: Milestone) {
        session.ask { mentoring.reachMilestone(id, milestone) }
        val name = session.words.say { milestone(milestone) }
        notice = session.words.say { text("milestone-reached", "milestone" to ArgFormatted(name)) }
    }

    private fun Sayer.names(pairing: Pairing): Map<PersonRef, String> {
        val you = text("app-you")
        return pairing.people.associate { it.person to if (it.person == session.me) you else apart(it.name) }
    }

    private fun Sayer.people(pairing: Pairing, names: Map<PersonRef, String>): List<PersonRow> = pairing.people.map {
        PersonRow(
            person = it.person,
            name = names.getValue(it.person),
            role = it.role?.let { role -> role(role) } ?: text("app-part-open"),
            isMe = it.person == session.me,
            hearsFirst = it.person == pairing.responder,
        )
    }

    private fun Sayer.meeting(next: NextMeeting?, zone: String): MeetingContent {
        if (next == null) return MeetingContent(text("session-none"), null, null, null, emptyList())
        val kept = if (next.others.isEmpty()) emptyList() else (listOf(next.value) + next.others).sortedBy { it.meeting.startsAtMs }
        val meeting = next.value.meeting
        return MeetingContent(
            text = moment(meeting.startsAtMs, zone),
            place = place(meeting.place),
            startsAtMs = meeting.startsAtMs,
            conflict = if (kept.isEmpty()) null else text("conflict-meeting-time"),
            choices = kept.map {
                val date = momentOf(it.meeting.startsAtMs, zone)
                val said = text("conflict-meeting-choice", "date" to date, "name" to it.byName)
                MeetingOption(it.meeting, said, place(it.meeting.place), if (it == next.value) text("conflict-stands") else null)
            },
        )
    }

    private fun Sayer.goal(goal: Goal, names: Map<PersonRef, String>) = GoalRow(
        goal = goal.id,
        text = goal.text,
        by = names[goal.by].orEmpty(),
        standing = text(if (goal.doneAtMs == null) "goal-open" else "goal-reached"),
        isReached = goal.doneAtMs != null,
        isMine = goal.by == session.me,
    )

    private fun Sayer.milestone(milestone: Milestone): String = when (milestone) {
        is MilestoneListed -> text("milestone-${milestone.id}")
        is MilestoneOwn -> apart(milestone.text)
    }

    private fun Sayer.milestone(reached: ReachedMilestone, names: Map<PersonRef, String>, zone: String) =
        MilestoneRow(reached.id, milestone(reached.milestone), names[reached.by].orEmpty(), text("app-date", "date" to dayOf(reached.atMs, zone)))

    private fun Sayer.catalogue(model: SupportModelInfo?, reached: List<ReachedMilestone>): List<MilestoneArea> {
        val known = reached.mapNotNull { (it.milestone as? MilestoneListed)?.id }.toSet()
        return model?.milestones.orEmpty().groupBy { it.area }.map { (area, milestones) ->
            MilestoneArea(text("area-$area"), milestones.map { Choice(it.id, text("milestone-${it.id}"), it.id in known) })
        }
    }

    private fun Sayer.step(step: PlanStep, now: Long, zone: String) = StepRow(
        step = step.id,
        text = text(step.textId),
        role = role(step.role),
        due = due(step.dueByMs, now, zone),
        checklist = step.checklist?.let { text("checklist-$it") },
        tone = tone(step.isWatch, step.dueByMs, now),
        isMine = step.isMine,
    )

    private fun Sayer.contact(contact: Contact, names: Map<PersonRef, String>, zone: String) = ContactRow(
        contact.id, contactKind(contact.kind), help(contact.help), moment(contact.atMs, zone), names[contact.by].orEmpty(),
    )

    private companion object {
        const val WEEK_MS = 7L * 24 * 60 * 60 * 1000

        /** Enough to see how one has been in touch; all of them stay in the store. */
        const val MOST_CONTACTS = 50
    }
}
