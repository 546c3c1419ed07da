package org.rafiq.app.screens

import android.view.View
import org.rafiq.app.look.ChoiceChips
import org.rafiq.app.look.Pieces
import org.rafiq.app.look.Tint
import org.rafiq.app.look.Type
import org.rafiq.app.look.card
import org.rafiq.app.look.lines
import org.rafiq.presenters.AttendanceEvent
import org.rafiq.presenters.AttendancePresenter
import org.rafiq.presenters.AttendanceRow
import org.rafiq.presenters.Word

/** Who came. Marks are kept when they are saved, all at once. */
fun attendanceScreen(way: Way, presenter: AttendancePresenter): View {
    val title = way[Word.ATTENDANCE_ASK]
    return way.screen(presenter.state, title, again = { presenter.on(AttendanceEvent.Refresh) }) { content ->
        show(
            title, content.remark, content.notice, { presenter.on(AttendanceEvent.Dismiss) },
            main = {
                content.unsaved?.let { text(it, Type.SMALL) }
                main(way[Word.SAVE], content.unsaved != null) { presenter.on(AttendanceEvent.Save) }
            },
        ) {
            piece("session", listOf(content.title, content.at, content.count)) {
                look.lines(look.text(content.title, Type.STRONG), look.text(content.at, Type.SMALL), look.text(content.count, Type.SMALL))
            }
            near {
                content.people.forEach { row -> person(way, row) { presenter.on(it) } }
            }
        }
    }
}

/** Made once; a mark is set where it stands, for there may be many people. */
private fun Pieces.person(way: Way, row: AttendanceRow, send: (AttendanceEvent.Mark) -> Unit) {
    val shows = Triple(row.person, row.name, row.others)
    val card = piece("person", shows) {
        look.card(if (row.others.isEmpty()) Tint.PLAIN else Tint.URGENT) {
            put(look.heading(row.name, Type.STRONG))
            if (row.others.isNotEmpty()) {
                put(look.lines(look.text(way[Word.MARKED_DIFFERENTLY]), *row.others.map { look.text(it, Type.STRONG) }.toTypedArray()))
            }
            put(ChoiceChips(look, row.marks.map { it.text }) { send(AttendanceEvent.Mark(row.person, row.marks[it].value)) })
        }
    }
    (card.getChildAt(card.childCount - 1) as ChoiceChips).mark { row.marks[it].chosen } // the last one put there
}
