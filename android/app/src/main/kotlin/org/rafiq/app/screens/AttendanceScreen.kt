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
                content.unsaved?.let { unsaved -> // until then there is nothing to save
                    text(unsaved, Type.SMALL)
                    main(way[Word.SAVE]) { presenter.on(AttendanceEvent.Save) }
                }
            },
        ) {
            val about = listOf(content.at) + content.counts
            piece("session", content.title to about) {
                look.lines(look.text(content.title, Type.STRONG), *about.map { look.text(it, Type.SMALL) }.toTypedArray())
            }
            near {
                content.people.forEach { row -> person(way, row) { presenter.on(it) } }
            }
        }
    }
}

/** Made once; a mark is set where it stands, for there may be many people. */
private fun Pieces.person(way: Way, row: AttendanceRow, send: (AttendanceEvent.Mark) -> Unit) {
    val shows = Triple(row.person, row.name, row.disputed)
    val card = piece("person", shows) {
        look.card(if (row.disputed.isEmpty()) Tint.PLAIN else Tint.URGENT) {
            put(look.heading(row.name, Type.STRONG))
            if (row.disputed.isNotEmpty()) {
                put(look.lines(look.text(way[Word.MARKED_DIFFERENTLY]), look.text(row.disputed.joinToString(" · "), Type.STRONG)))
            }
            put(ChoiceChips(look, row.marks.map { it.text }) { send(AttendanceEvent.Mark(row.person, row.marks[it].value)) })
        }
    }
    (card.getChildAt(card.childCount - 1) as ChoiceChips).mark { row.disputed.isEmpty() && row.marks[it].chosen } // the last one put there
}
