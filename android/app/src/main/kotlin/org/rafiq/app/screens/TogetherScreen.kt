package org.rafiq.app.screens

import android.view.View
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import org.rafiq.app.look.Field
import org.rafiq.app.look.NumberField
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.Pieces
import org.rafiq.app.look.SideButton
import org.rafiq.app.look.Space
import org.rafiq.app.look.Stack
import org.rafiq.app.look.Type
import org.rafiq.app.look.draftChoice
import org.rafiq.app.look.draftLanguage
import org.rafiq.app.look.restful
import org.rafiq.app.look.row
import org.rafiq.presenters.LanguageChoice
import org.rafiq.presenters.ModelOffer
import org.rafiq.presenters.Place
import org.rafiq.presenters.TogetherEvent
import org.rafiq.presenters.TogetherPresenter
import org.rafiq.presenters.TogetherRow
import org.rafiq.presenters.Word

/** Everything that is shared with others, and what can be begun. */
fun togetherScreen(way: Way, presenter: TogetherPresenter): View =
    way.screen(presenter.state, way[Word.TAB_TOGETHER], again = { presenter.on(TogetherEvent.Refresh) }) { content ->
        content.begun?.let {
            presenter.on(TogetherEvent.Dismiss)
            return@screen way.open(it)
        }
        show(
            way[Word.TAB_TOGETHER], content.remark, content.notice, { presenter.on(TogetherEvent.Dismiss) },
            main = { main(way[Word.JOIN]) { way.open(Place.Join) } },
        ) {
            content.nothing?.let { nothing -> piece("restful", nothing) { look.restful(nothing) } }
            if (content.requests.isNotEmpty()) part(way[Word.REQUESTS_TITLE]) {
                rows(content.requests) { look.row(it.text, listOf(it.at)) { way.open(it.leadsTo) } }
            }
            shared(way, Word.PAIRINGS, content.pairings)
            shared(way, Word.GROUPS, content.groups)
            foldout(way[Word.BEGIN_PAIRING]) { close ->
                beginPairing(way, presenter.state.now()?.models.orEmpty()) {
                    presenter.on(it)
                    close()
                }
            }
            near {
                foldout(way[Word.FOUND_GROUP]) { close ->
                    foundGroup(way, presenter.state.now()?.languages.orEmpty()) {
                        presenter.on(it)
                        close()
                    }
                }
            }
        }
    }

private fun Pieces.shared(way: Way, title: Word, rows: List<TogetherRow>) {
    if (rows.isNotEmpty()) part(way[title]) {
        rows(rows) { row -> look.row(row.title, listOf(row.line), row.tone) { way.open(row.leadsTo) } }
    }
}

/** What kind of support, which part one takes, and what it is called. */
private fun Stack.beginPairing(way: Way, models: List<ModelOffer>, send: (TogetherEvent) -> Unit) {
    val chosen = Stack(look, Space.MIDDLE)
    put(look.draftChoice(way[Word.MODEL_ASK], models.map { it.title }, models.map { it.about }) { index ->
        chosen.removeAllViews()
        chosen.named(way, models[index], send)
    })
    put(chosen)
}

private fun Stack.named(way: Way, model: ModelOffer, send: (TogetherEvent) -> Unit) {
    var role: String? = null
    val title = Field(look, way[Word.PAIRING_TITLE])
    val begin = SideButton(look, way[Word.BEGIN], Pictogram.DONE) {
        role?.let { send(TogetherEvent.BeginPairing(model.model, it, title.text)) }
    }
    fun sayWhetherToBegin() {
        begin.isEnabled = role != null && title.text.isNotBlank()
    }
    title.changed = { sayWhetherToBegin() }
    put(look.text(model.isNot, Type.SMALL))
    put(look.draftChoice(way[Word.ROLE_ASK], model.roles.map { it.text }) {
        role = model.roles[it].value
        sayWhetherToBegin()
    })
    put(title)
    put(begin, WRAP_CONTENT)
    sayWhetherToBegin()
}

/** A group's name, language, size and place. */
private fun Stack.foundGroup(way: Way, languages: List<LanguageChoice>, send: (TogetherEvent) -> Unit) {
    var language = (languages.find { it.chosen } ?: languages.firstOrNull())?.tag ?: return
    val name = Field(look, way[Word.GROUP_NAME])
    val capacity = NumberField(look, way[Word.GROUP_CAPACITY], FEWEST..MOST, USUAL)
    val place = Field(look, way[Word.GROUP_PLACE])
    val found = SideButton(look, way[Word.FOUND_GROUP], Pictogram.DONE) {
        send(TogetherEvent.FoundGroup(name.text, language, capacity.value, place.text))
    }
    found.isEnabled = false
    name.changed = { found.isEnabled = it.isNotBlank() }
    put(name)
    put(look.draftLanguage(way[Word.GROUP_LANGUAGE], languages) { language = it })
    put(capacity)
    put(place)
    put(found, WRAP_CONTENT)
}

private const val FEWEST = 2
private const val MOST = 500
private const val USUAL = 12
