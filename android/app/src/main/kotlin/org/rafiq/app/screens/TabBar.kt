package org.rafiq.app.screens

import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.Button
import android.widget.LinearLayout
import android.widget.TextView
import org.rafiq.app.look.Look
import org.rafiq.app.look.Palette
import org.rafiq.app.look.Pictogram
import org.rafiq.app.look.Space
import org.rafiq.app.look.Type
import org.rafiq.app.look.hairline
import org.rafiq.app.look.pictogram
import org.rafiq.app.look.room
import org.rafiq.presenters.Navigator
import org.rafiq.presenters.Place
import org.rafiq.presenters.Word

/**
 * The four tabs. With very large letters they stand two by two, each sign beside its word, so that no word is cut and most of the window
 * is left to read.
 */
class TabBar(private val look: Look, current: Place, open: (Place) -> Unit) : LinearLayout(look.context) {
    private val tabs = Navigator.TABS.map { place -> tab(place, place == current) { open(place) } }

    init {
        orientation = VERTICAL
        setBackgroundColor(look.colour(Palette.card))
        arrange()
    }

    /** Sets the tabs beside each other, as the window's width allows. */
    fun arrange() {
        tabs.forEach { (it.parent as? LinearLayout)?.removeView(it) }
        removeAllViews()
        addView(hairline(look), LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        val settings = look.context.resources.configuration
        val isNarrow = settings.screenWidthDp / settings.fontScale < NARROW
        tabs.forEach { it.stand(beside = isNarrow) }
        val inLine = if (isNarrow) tabs.size / 2 else tabs.size
        for (some in tabs.chunked(inLine)) {
            val line = LinearLayout(look.context)
            some.forEach { line.addView(it, LayoutParams(0, MATCH_PARENT, 1f)) }
            addView(line, LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        }
    }

    private fun tab(place: Place, isHere: Boolean, open: () -> Unit): Tab {
        val (pictogram, word) = FACES.getValue(place)
        val shade = if (isHere) Palette.teal else Palette.softInk
        val sign = LinearLayout(look.context).apply {
            if (isHere) background = look.ground(Palette.paleTeal, round = Space.LARGE)
        }
        val name = look.text(look.labels[word], Type.SMALL, shade).apply {
            contentDescription = if (isHere) "$text, ${look.labels[Word.CHOSEN]}" else null
        }
        return Tab(look, sign, name) { size -> look.pictogram(pictogram, shade, size) }.apply {
            minimumHeight = look.dp(Space.TOUCH)
            room(look, Space.TINY, Space.SMALL)
            background = look.touched(null)
            setOnClickListener { open() }
        }
    }

    /** A sign over its word, or beside it. */
    private class Tab(
        private val look: Look, private val sign: LinearLayout, private val name: TextView, private val pictogram: (size: Int) -> View,
    ) : LinearLayout(look.context) {
        fun stand(beside: Boolean) {
            removeAllViews()
            sign.removeAllViews()
            sign.addView(pictogram(if (beside) SMALL_SIGN else SIGN))
            sign.room(look, if (beside) Space.TINY else Space.MIDDLE, Space.TINY)
            setPaddingRelative(look.dp(if (beside) Space.SMALL else Space.TINY), paddingTop, look.dp(Space.TINY), paddingBottom)
            orientation = if (beside) HORIZONTAL else VERTICAL
            gravity = if (beside) Gravity.CENTER_VERTICAL else Gravity.CENTER_HORIZONTAL
            name.textAlignment = if (beside) View.TEXT_ALIGNMENT_VIEW_START else View.TEXT_ALIGNMENT_CENTER
            addView(sign, LayoutParams(WRAP_CONTENT, WRAP_CONTENT))
            val place = if (beside) LayoutParams(0, WRAP_CONTENT, 1f) else LayoutParams(MATCH_PARENT, WRAP_CONTENT)
            if (beside) place.marginStart = look.dp(Space.TINY + Space.TINY / 2)
            addView(name, place)
        }

        override fun getAccessibilityClassName(): CharSequence = Button::class.java.name
    }

    private companion object {
        /** Less than this, in dp at the usual size of letters, and words of four tabs would be cut. */
        const val NARROW = 280

        /** Signs, in sp; smaller where the word stands beside. */
        const val SIGN = 24
        const val SMALL_SIGN = 18

        val FACES = mapOf(
            Place.Today to (Pictogram.TODAY to Word.TAB_TODAY),
            Place.CheckIn to (Pictogram.CHECK_IN to Word.TAB_CHECK_IN),
            Place.Together to (Pictogram.TOGETHER to Word.TAB_TOGETHER),
            Place.Search to (Pictogram.DIRECTORY to Word.TAB_DIRECTORY),
        )
    }
}
