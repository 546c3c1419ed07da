package org.rafiq.app.screens

import android.view.View
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import org.rafiq.app.look.ChoiceList
import org.rafiq.app.look.Field
import org.rafiq.app.look.Look
import org.rafiq.app.look.MomentField
import org.rafiq.app.look.Palette
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.Pieces
import org.rafiq.app.look.SideButton
import org.rafiq.app.look.Stack
import org.rafiq.app.look.Tint
import org.rafiq.app.look.Type
import org.rafiq.app.look.draftChoice
import org.rafiq.app.look.row
import org.rafiq.app.look.tint
import org.rafiq.presenters.PairingContent
import org.rafiq.presenters.PairingEvent
import org.rafiq.presenters.PairingPresenter
import org.rafiq.presenters.PersonRow
import org.rafiq.presenters.Place
import org.rafiq.presenters.Word

/** One pairing: two people and what they are on the way with. [space] is for inviting into it. */
fun pairingScreen(way: Way, presenter: PairingPresenter, space: String): View {
    val parts = PairingParts(way, { presenter.state.now() }) { presenter.on(it) }
    return way.screen(presenter.state, way[Word.PAIRINGS], again = { presenter.on(PairingEvent.Refresh) }) { content ->
        show(
            content.title, content.remark, content.notice, { presenter.on(PairingEvent.Dismiss) },
            main = { if (content.waiting == null) main(way[Word.CHECK_IN_TELL]) { way.open(Place.CheckIn) } },
        ) {
            content.waiting?.let { quiet(it, Pictogram.EXCHANGE) } ?: with(parts) { all(content) }
            button(way[Word.INVITE], Pictogram.ADD) { way.open(Place.Invite(space)) }
            text(content.freedom, Type.SMALL)
        }
    }
}

/** Somebody, with their part. */
fun Look.person(way: Way, person: PersonRow): View {
    val you = way[Word.YOU].takeIf { person.isMe && it != person.name } // once is enough
    return row(person.name, listOfNotNull(you, person.role, way[Word.HEARS_FIRST].takeIf { person.hearsFirst }))
}

/** The parts of a pairing, one under the other. [now] is what is shown when a form is opened. */
private class PairingParts(private val way: Way, private val now: () -> PairingContent?, private val send: (PairingEvent) -> Unit) {
    fun Pieces.all(content: PairingContent) {
        content.week?.let { text(it, Type.STRONG, Palette.teal) }
        if (content.roles.isNotEmpty()) choices(content.roles, under = way[Word.ROLE_ASK]) { send(PairingEvent.TakeRole(it)) }
        part(way[Word.NEXT_MEETING]) { meeting(content) }
        part(way[Word.STEPS]) { steps(content) }
        part(way[Word.GOALS]) { goals(content) }
        part(way[Word.MILESTONES]) { milestones(content) }
        part(way[Word.CONTACTS]) { contacts(content) }
        part(way[Word.PEOPLE]) { people(content) }
    }

    /** The next meeting; where two were set at once, both, to choose from. */
    private fun Pieces.meeting(content: PairingContent) {
        val meeting = content.meeting
        val conflict = meeting.conflict
        if (conflict == null) card(meeting) { put(look.row(meeting.text, listOfNotNull(meeting.place))) }
        else card(meeting, Tint.URGENT) {
            put(look.text(conflict))
            meeting.choices.forEach { option ->
                put(look.row(option.text, listOfNotNull(option.place, option.stands)))
                val choose = SideButton(look, way[Word.CHOOSE_THIS], Pictogram.DONE) { send(PairingEvent.ResolveMeeting(option.meeting)) }
                choose.contentDescription = way[Word.CHOOSE_THIS] + ". " + option.text
                put(choose, WRAP_CONTENT)
            }
        }
        foldout(way[Word.PLAN_MEETING], Pictogram.CLOCK) { close ->
            val moment = put(MomentField(look, now()?.days.orEmpty()))
            val place = put(Field(look, way[Word.PLACE]))
            save(close) { moment.startsAtMs?.let { PairingEvent.SetMeeting(it, place.text) } }
        }
    }

    private fun Pieces.steps(content: PairingContent) {
        content.noSteps?.let { quiet(it) }
        content.steps.forEach { step ->
            card(step, step.tone.tint) {
                put(look.row(step.text, listOfNotNull(step.due, step.role, step.checklist), step.tone))
                if (step.isMine) put(done(Word.DONE, step.text) { send(PairingEvent.CompleteStep(step.step)) }, WRAP_CONTENT)
            }
        }
    }

    /** Goals; one's own can be reached or set aside. */
    private fun Pieces.goals(content: PairingContent) {
        content.noGoals?.let { quiet(it) }
        content.goals.forEach { goal ->
            card(goal) {
                put(look.row(goal.text, listOf(goal.by, goal.standing)))
                if (goal.isMine && !goal.isReached) {
                    put(done(Word.GOAL_REACHED, goal.text) { send(PairingEvent.FinishGoal(goal.goal)) }, WRAP_CONTENT)
                    put(SideButton(look, way[Word.GOAL_SET_ASIDE]) { send(PairingEvent.WithdrawGoal(goal.goal)) }, WRAP_CONTENT)
                }
            }
        }
        foldout(way[Word.ADD]) { close ->
            val goal = put(Field(look, way[Word.GOAL_ASK], lines = 2))
            save(close, goal) { PairingEvent.AddGoal(goal.text) }
        }
    }

    /** Small victories: those that came, and those to choose from. */
    private fun Pieces.milestones(content: PairingContent) {
        content.noMilestones?.let { quiet(it) }
        rows(content.milestones) { look.row(it.text, listOf(it.by, it.at)) }
        foldout(way[Word.MILESTONE_ADD]) { close ->
            now()?.catalogue.orEmpty().forEach { area ->
                val list = ChoiceList(look, area.title, area.milestones.map { it.text }) {
                    send(PairingEvent.ReachMilestone(area.milestones[it].value))
                    close()
                }
                list.mark { area.milestones[it].chosen }
                put(list)
            }
            val own = put(Field(look, way[Word.MILESTONE_OWN], lines = 2))
            save(close, own) { PairingEvent.ReachOwn(own.text) }
        }
    }

    /** When the two were in touch. */
    private fun Pieces.contacts(content: PairingContent) {
        content.noContacts?.let { quiet(it) }
        rows(content.contacts) { look.row(it.kind, listOf(it.help, it.at, it.by)) }
        foldout(way[Word.CONTACT_ADD]) { close ->
            val shown = now() ?: return@foldout
            var kind: Int? = null
            var help: Int? = null
            lateinit var save: SideButton
            fun sayWhetherToSave() {
                save.isEnabled = kind != null && help != null
            }
            put(look.draftChoice(way[Word.CONTACT_HOW], shown.contactKinds.map { it.text }) {
                kind = it
                sayWhetherToSave()
            })
            put(look.draftChoice(way[Word.CONTACT_ABOUT], shown.helpKinds.map { it.text }) {
                help = it
                sayWhetherToSave()
            })
            save = save(close) {
                val (how, about) = (kind ?: return@save null) to (help ?: return@save null)
                PairingEvent.LogContact(shown.contactKinds[how].value, shown.helpKinds[about].value)
            }
            sayWhetherToSave()
        }
    }

    private fun Pieces.people(content: PairingContent) {
        rows(content.people) { look.person(way, it) }
        foldout(way[Word.RESPONDER_ASK], Pictogram.PERSON) { close ->
            val people = now()?.people.orEmpty()
            put(look.draftChoice(null, people.map { it.name }, chosen = people.indexOfFirst { it.hearsFirst }) {
                send(PairingEvent.SetResponder(people[it].person))
                close()
            })
        }
    }

    /** Sends what a form holds, and closes it; waits for [needed] to be written. */
    private fun Stack.save(close: () -> Unit, needed: Field? = null, event: () -> PairingEvent?): SideButton {
        val button = SideButton(look, way[Word.SAVE], Pictogram.DONE) {
            event()?.let {
                send(it)
                close()
            }
        }
        if (needed != null) {
            button.isEnabled = false
            needed.changed = { button.isEnabled = it.isNotBlank() }
        }
        return put(button, WRAP_CONTENT)
    }

    /** A button that says what of, to whoever does not see where it stands. */
    private fun Stack.done(word: Word, what: String, action: () -> Unit) =
        SideButton(look, way[word], Pictogram.DONE, action).apply { contentDescription = way[word] + ". " + what }
}
