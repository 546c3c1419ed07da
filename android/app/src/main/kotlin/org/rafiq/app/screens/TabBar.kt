package org.rafiq.app.screens

import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.Button
import android.widget.LinearLayout
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

/** The four tabs. With very large letters they stand two by two, so that no word is cut. */
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
        val inLine = if (settings.screenWidthDp / settings.fontScale < NARROW) tabs.size / 2 else tabs.size
        for (some in tabs.chunked(inLine)) {
            val line = LinearLayout(look.context)
            some.forEach { line.addView(it, LayoutParams(0, MATCH_PARENT, 1f)) }
            addView(line, LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        }
    }

    private fun tab(place: Place, isHere: Boolean, open: () -> Unit): View {
        val (pictogram, word) = FACES.getValue(place)
        val shade = if (isHere) Palette.teal else Palette.softInk
        val sign = LinearLayout(look.context).apply {
            room(look, Space.MIDDLE, Space.TINY)
            if (isHere) background = look.ground(Palette.paleTeal, round = Space.LARGE)
            addView(look.pictogram(pictogram, shade))
        }
        val name = look.text(look.labels[word], Type.SMALL, shade).apply {
            textAlignment = View.TEXT_ALIGNMENT_CENTER
            gravity = Gravity.CENTER_HORIZONTAL
            contentDescription = if (isHere) "$text, ${look.labels[Word.CHOSEN]}" else null
        }
        return object : LinearLayout(look.context) {
            override fun getAccessibilityClassName(): CharSequence = Button::class.java.name
        }.apply {
            orientation = VERTICAL
            gravity = Gravity.CENTER_HORIZONTAL
            minimumHeight = look.dp(Space.TOUCH)
            room(look, Space.TINY, Space.SMALL)
            background = look.touched(null)
            setOnClickListener { open() }
            addView(sign, LayoutParams(WRAP_CONTENT, WRAP_CONTENT))
            addView(name, LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        }
    }

    private companion object {
        /** Less than this, in dp at the usual size of letters, and words of four tabs would be cut. */
        const val NARROW = 280

        val FACES = mapOf(
            Place.Today to (Pictogram.TODAY to Word.TAB_TODAY),
            Place.CheckIn to (Pictogram.CHECK_IN to Word.TAB_CHECK_IN),
            Place.Together to (Pictogram.TOGETHER to Word.TAB_TOGETHER),
            Place.Search to (Pictogram.DIRECTORY to Word.TAB_DIRECTORY),
        )
    }
}
