package org.rafiq.app.screens

import android.view.View
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import org.rafiq.Modality
import org.rafiq.app.look.AskFirst
import org.rafiq.app.look.ChoiceList
import org.rafiq.app.look.Field
import org.rafiq.app.look.Foldout
import org.rafiq.app.look.MomentField
import org.rafiq.app.look.Palette
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.Pieces
import org.rafiq.app.look.SideButton
import org.rafiq.app.look.Stack
import org.rafiq.app.look.Tint
import org.rafiq.app.look.Writing
import org.rafiq.app.look.draftChoice
import org.rafiq.app.look.draftLanguage
import org.rafiq.app.look.row
import org.rafiq.presenters.Choice
import org.rafiq.presenters.DayChoice
import org.rafiq.presenters.GroupEvent
import org.rafiq.presenters.GroupPresenter
import org.rafiq.presenters.LanguageChoice
import org.rafiq.presenters.Place
import org.rafiq.presenters.SessionRow
import org.rafiq.presenters.Word

/** One group: its meetings and its people. [space] is for inviting into it. */
fun groupScreen(way: Way, presenter: GroupPresenter, space: String): View {
    fun send(event: GroupEvent) {
        presenter.on(event)
    }
    fun days(): List<DayChoice> = presenter.state.now()?.days.orEmpty()
    return way.screen(presenter.state, way[Word.GROUPS], again = { send(GroupEvent.Refresh) }) { content ->
        show(
            content.name, content.remark, content.notice, { send(GroupEvent.Dismiss) },
            main = { main(way[Word.INVITE]) { way.open(Place.Invite(space)) } },
        ) {
            text(listOfNotNull(content.members, content.place).filter { it.isNotEmpty() }.joinToString(" · "), shade = Palette.softInk)
            part(way[Word.SESSIONS]) {
                content.noSessions?.let { quiet(it) }
                content.sessions.forEach { session(way, it, ::days, ::send) }
                foldout(way[Word.PLAN_MEETING], Pictogram.CLOCK) { close ->
                    scheduleForm(way, days(), presenter.state.now()?.modalities.orEmpty()) {
                        send(it)
                        close()
                    }
                }
            }
            part(way[Word.PEOPLE]) {
                rows(content.people) { look.person(way, it) }
                foldout(way[Word.PERSON_ADD], Pictogram.PERSON) { close ->
                    addPersonForm(way, presenter.state.now()?.languages.orEmpty()) {
                        send(it)
                        close()
                    }
                }
            }
        }
    }
}

/** A meeting of the group; where two times were kept, both, to choose from. */
private fun Pieces.session(way: Way, row: SessionRow, days: () -> List<DayChoice>, send: (GroupEvent) -> Unit) {
    card(row, if (row.conflict == null) Tint.PLAIN else Tint.URGENT) {
        put(look.row(row.text, listOfNotNull(row.place, row.modality, row.cancelled), open = way.opening(row.attendance)))
        row.conflict?.let { conflict ->
            put(look.text(conflict))
            put(ChoiceList(look, null, row.times.map { it.text }, row.times.map { it.stands }) {
                send(GroupEvent.ResolveTime(row.session, row.times[it].startsAtMs))
            })
        }
        if (row.cancelled == null && row.attendance == null) {
            put(Foldout(look, way[Word.SESSION_MOVE], Pictogram.CLOCK) { close ->
                val moment = put(MomentField(look, days()))
                put(SideButton(look, way[Word.SAVE], Pictogram.DONE) {
                    moment.startsAtMs?.let { send(GroupEvent.Move(row.session, it)) }
                    close()
                }, WRAP_CONTENT)
            })
            put(AskFirst(look, way[Word.SESSION_CANCEL], way[Word.SESSION_CANCEL_ASK], way[Word.SESSION_CANCEL_YES], row.text, way[Word.SESSION_CANCEL_NO]) {
                send(GroupEvent.Cancel(row.session))
            })
        }
    }
}

/** A new meeting: when, where, and how one meets. */
private fun Stack.scheduleForm(way: Way, days: List<DayChoice>, modalities: List<Choice<Modality>>, send: (GroupEvent) -> Unit) {
    var modality = modalities.firstOrNull()?.value ?: return
    val moment = put(MomentField(look, days))
    val place = put(Field(look, way[Word.PLACE]))
    put(look.draftChoice(null, modalities.map { it.text }, chosen = 0) { modality = modalities[it].value })
    put(SideButton(look, way[Word.SAVE], Pictogram.DONE) {
        moment.startsAtMs?.let { send(GroupEvent.Schedule(it, place.text, modality)) }
    }, WRAP_CONTENT)
}

/** Somebody without a phone. */
private fun Stack.addPersonForm(way: Way, languages: List<LanguageChoice>, send: (GroupEvent) -> Unit) {
    var language = (languages.find { it.chosen } ?: languages.firstOrNull())?.tag ?: return
    val name = put(Field(look, way[Word.PERSON_NAME], writing = Writing.NAME))
    put(look.draftLanguage(way[Word.PERSON_LANGUAGE], languages) { language = it })
    val add = put(SideButton(look, way[Word.ADD], Pictogram.ADD) { send(GroupEvent.AddPerson(name.text, language)) }, WRAP_CONTENT)
    add.isEnabled = false
    name.changed = { add.isEnabled = it.isNotBlank() }
}
