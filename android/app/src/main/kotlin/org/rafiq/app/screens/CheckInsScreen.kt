package org.rafiq.app.screens

import android.view.View
import org.rafiq.app.look.AskFirst
import org.rafiq.app.look.Newer
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.Pieces
import org.rafiq.app.look.Type
import org.rafiq.app.look.face
import org.rafiq.app.look.lines
import org.rafiq.app.look.quiet
import org.rafiq.app.look.side
import org.rafiq.presenters.CheckInRow
import org.rafiq.presenters.CheckInsEvent
import org.rafiq.presenters.CheckInsPresenter
import org.rafiq.presenters.Place
import org.rafiq.presenters.Word

/** One's own check-ins and those shared with one. */
fun checkInsScreen(way: Way, presenter: CheckInsPresenter): View {
    val write = way[Word.CHECK_IN_TELL] to { way.open(Place.CheckIn) }
    return way.screen(presenter.state, way[Word.CHECK_INS_TITLE], write, { presenter.on(CheckInsEvent.Refresh) }) { content ->
        show(way[Word.CHECK_INS_TITLE], content.remark, content.notice, { presenter.on(CheckInsEvent.Dismiss) }) {
            content.checkIns.forEach { row -> checkIn(way, row) { presenter.on(it) } }
            if (content.hasMore) button(way[Word.MORE], Pictogram.MORE) { presenter.on(CheckInsEvent.More) }
        }
    }
}

private fun Pieces.checkIn(way: Way, row: CheckInRow, send: (CheckInsEvent) -> Unit) = card(row) {
    val told = look.lines(look.text(row.feelingText, Type.STRONG), look.text(row.name, Type.SMALL), look.text(row.at, Type.SMALL))
    put(look.side(look.face(row.feeling), told, growing = told, top = true).also { Newer.together(it) })
    if (row.note.isNotEmpty()) put(look.text(row.note))
    row.helps.forEach { put(look.text(it)) }
    put(look.quiet(row.contact, Pictogram.PHONE))
    put(look.text(row.seenBy, Type.SMALL))
    row.receipt.forEach { put(look.text(it, Type.SMALL)) }
    row.eraseAsk?.let { question ->
        val erase = way[if (row.isMine) Word.ERASE_WORDS else Word.ERASE_THEIRS]
        put(AskFirst(look, erase, question, erase, row.name + ", " + row.at) { send(CheckInsEvent.EraseWords(row.id)) })
    }
    row.retractAsk?.let { question ->
        put(AskFirst(look, way[Word.TAKE_BACK], question, way[Word.TAKE_BACK], row.at) { send(CheckInsEvent.Retract(row.id)) })
    }
}
