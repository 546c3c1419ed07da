package org.rafiq.app.screens

import android.view.View
import org.rafiq.app.look.AskFirst
import org.rafiq.app.look.Pieces
import org.rafiq.app.look.Type
import org.rafiq.app.look.lines
import org.rafiq.presenters.KitContent
import org.rafiq.presenters.KitEvent
import org.rafiq.presenters.KitPresenter
import org.rafiq.presenters.Place
import org.rafiq.presenters.Word

/** Twelve words on paper, for the day on which the phone is gone. */
fun kitScreen(way: Way, presenter: KitPresenter): View =
    way.screen(presenter.state, way[Word.KIT], again = { presenter.on(KitEvent.Refresh) }) { content ->
        val isShown = content.words.isNotEmpty()
        show(
            way[Word.KIT], content.remark, content.notice, { presenter.on(KitEvent.Dismiss) }, step = isShown,
            main = {
                when {
                    isShown -> main(way[Word.KIT_WRITTEN]) { presenter.on(KitEvent.Written) }
                    content.waits -> main(way[Word.EXCHANGE_TITLE]) { way.open(Place.Sync) }
                    content.made == null -> main(way[Word.KIT_MAKE]) { presenter.on(KitEvent.Make) }
                }
            },
        ) {
            if (isShown) words(way, content) else about(way, content) { presenter.on(it) }
        }
    }

/** What is to be copied: the words in their order, and the address. */
private fun Pieces.words(way: Way, content: KitContent) {
    text(way[Word.KIT_WRITE])
    card(content.words) { put(look.lines(*content.words.map { look.text(it, Type.STRONG) }.toTypedArray())) }
    content.relay?.let { relay ->
        near {
            text(way[Word.RELAY_ADDRESS], Type.SMALL)
            text(relay, Type.STRONG)
        }
    }
    text(way[Word.KIT_KEEP], Type.SMALL)
}

private fun Pieces.about(way: Way, content: KitContent, send: (KitEvent) -> Unit) {
    text(way[Word.KIT_ABOUT])
    text(way[Word.KIT_KEEP])
    content.missing?.let { text(it, Type.STRONG) }
    content.made?.let { made ->
        card(made to content.standing) {
            put(look.lines(*listOfNotNull(look.text(made, Type.STRONG), content.standing?.let { look.text(it) }).toTypedArray()))
        }
        piece("again", null) { AskFirst(look, way[Word.KIT_AGAIN], way[Word.KIT_AGAIN_ASK], way[Word.KIT_AGAIN]) { send(KitEvent.Make) } }
    }
}
