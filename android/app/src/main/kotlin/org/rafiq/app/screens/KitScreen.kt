package org.rafiq.app.screens

import android.view.View
import org.rafiq.app.look.Field
import org.rafiq.app.look.Pieces
import org.rafiq.app.look.Type
import org.rafiq.app.look.Writing
import org.rafiq.app.look.lines
import org.rafiq.presenters.KitContent
import org.rafiq.presenters.KitEvent
import org.rafiq.presenters.KitPresenter
import org.rafiq.presenters.KitStep
import org.rafiq.presenters.Place
import org.rafiq.presenters.Word

/** Twelve words on paper, for the day on which the phone is gone. */
fun kitScreen(way: Way, presenter: KitPresenter): View {
    var fields = emptyList<Field>()
    val send: (KitEvent) -> Unit = { presenter.on(it) }
    return way.screen(presenter.state, way[Word.KIT], again = { send(KitEvent.Refresh) }) { content ->
        keepScreenOn = content.staysOn
        if (content.step == KitStep.ABOUT) fields = emptyList() // the next words are other ones
        if (content.step == KitStep.CHECK && fields.isEmpty()) fields = fields(way, content, send)
        show(
            way[title(content.step)], content.remark, content.notice, { send(KitEvent.Dismiss) }, content.step,
            stepBack = { send(KitEvent.Back) }.takeIf { content.step != KitStep.ABOUT },
            main = {
                when (content.step) {
                    KitStep.ABOUT ->
                        if (content.waits) main(way[Word.EXCHANGE_TITLE]) { way.open(Place.Sync) }
                        else if (content.made == null) main(way[Word.KIT_MAKE]) { send(KitEvent.Make) }
                    KitStep.AGAIN -> main(way[Word.KIT_AGAIN]) { send(KitEvent.MakeOthers) }
                    KitStep.WORDS -> main(way[Word.KIT_WRITTEN]) { send(KitEvent.Written) }
                    KitStep.CHECK -> main(way[Word.KIT_COMPARE], content.canCheck) { send(KitEvent.Check) }
                    KitStep.LEAVE -> main(way[Word.KIT_LOOK]) { send(KitEvent.Back) }
                }
            },
        ) {
            when (content.step) {
                KitStep.ABOUT -> about(way, content, send)
                KitStep.AGAIN -> {
                    text(way[Word.KIT_AGAIN_ASK])
                    button(way[Word.CANCEL]) { send(KitEvent.Back) }
                }
                KitStep.WORDS -> words(way, content)
                KitStep.CHECK -> {
                    text(way[Word.KIT_CHECK_ABOUT])
                    fields.forEach { kept(it) }
                    button(way[Word.KIT_LOOK]) { send(KitEvent.Back) }
                }
                KitStep.LEAVE -> {
                    text(way[Word.KIT_LEAVE_ABOUT])
                    button(way[Word.KIT_LEAVE_YES]) { send(KitEvent.Leave) }
                }
            }
        }
    }
}

private fun title(step: KitStep): Word = when (step) {
    KitStep.ABOUT, KitStep.WORDS -> Word.KIT
    KitStep.AGAIN -> Word.KIT_AGAIN
    KitStep.CHECK -> Word.KIT_CHECK
    KitStep.LEAVE -> Word.KIT_LEAVE
}

/** What is on the paper comes first: whether it serves, or what is missing for that. */
private fun Pieces.about(way: Way, content: KitContent, send: (KitEvent) -> Unit) {
    content.missing?.let { text(it, Type.STRONG) }
    content.made?.let { made ->
        card(made to content.standing) {
            put(look.lines(*listOfNotNull(look.text(made, Type.STRONG), content.standing?.let { look.text(it) }).toTypedArray()))
        }
    }
    text(way[Word.KIT_ABOUT])
    text(way[Word.KIT_KEEP])
    if (content.made != null) button(way[Word.KIT_AGAIN]) { send(KitEvent.Make) }
}

/**
 * What is to be copied: the address, and the words in their order. That some of twelve are further down shows by their numbers; an address below
 * them would be missed where letters are large.
 */
private fun Pieces.words(way: Way, content: KitContent) {
    text(way[Word.KIT_WRITE])
    content.relay?.let { relay ->
        near {
            text(way[Word.RELAY_ADDRESS], Type.SMALL)
            text(relay, Type.STRONG)
        }
    }
    card(content.words) { put(look.lines(*content.words.map { look.text(it, Type.STRONG) }.toTypedArray())) }
    text(way[Word.KIT_KEEP], Type.SMALL)
}

/** Where what stands on the paper is typed. */
private fun fields(way: Way, content: KitContent, send: (KitEvent) -> Unit): List<Field> {
    val fields = content.asked.map { Field(way.look, it, writing = Writing.COPIED) { send(KitEvent.Check) } }
    fields.forEach { field -> field.changed = { send(KitEvent.EnterWords(fields.first().text, fields.last().text)) } }
    return fields
}
