package org.rafiq.app.look

import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.Button
import android.widget.LinearLayout
import android.widget.TextView
import org.rafiq.presenters.Word

/** The one main action of a screen. */
class MainButton(private val look: Look, text: String, action: () -> Unit) : TextView(look.context) {
    init {
        look.lettered(this, Type.STRONG)
        this.text = text
        textAlignment = View.TEXT_ALIGNMENT_CENTER
        gravity = Gravity.CENTER
        minHeight = look.dp(Space.TOUCH + Space.TINY)
        room(look, Space.MIDDLE, Space.SMALL)
        setOnClickListener { action() }
        dress()
    }

    override fun setEnabled(enabled: Boolean) {
        super.setEnabled(enabled)
        dress()
    }

    override fun getAccessibilityClassName(): CharSequence = Button::class.java.name

    private fun dress() {
        setTextColor(look.colour(if (isEnabled) Palette.onTeal else Palette.softInk))
        background = look.touched(look.ground(if (isEnabled) Palette.teal else Palette.hairline))
    }
}

/** Whatever else one can do: words in teal, framed. */
class SideButton(private val look: Look, text: String, private val pictogram: Pictogram? = null, action: () -> Unit) :
    LinearLayout(look.context) {
    private val words = look.text(text, Type.STRONG)

    init {
        gravity = Gravity.CENTER
        minimumHeight = look.dp(Space.TOUCH)
        minimumWidth = look.dp(Space.TOUCH)
        room(look, Space.MIDDLE, Space.SMALL)
        setOnClickListener { action() }
        dress()
    }

    override fun setEnabled(enabled: Boolean) {
        super.setEnabled(enabled)
        dress()
    }

    override fun getAccessibilityClassName(): CharSequence = Button::class.java.name

    private fun dress() {
        val shade = if (isEnabled) Palette.teal else Palette.softInk
        removeAllViews()
        if (pictogram != null) addView(look.pictogram(pictogram, shade))
        words.setTextColor(look.colour(shade))
        addView(words, LayoutParams(WRAP_CONTENT, WRAP_CONTENT).apply { if (pictogram != null) marginStart = look.dp(Space.SMALL) })
        background = look.touched(look.ground(Palette.card, edge = if (isEnabled) Palette.line else Palette.hairline))
    }
}

/** A pictogram to touch; [label] is what a screen reader says. */
fun Look.pictogramButton(pictogram: Pictogram, label: String, action: () -> Unit): View = object : LinearLayout(context) {
    override fun getAccessibilityClassName(): CharSequence = Button::class.java.name
}.apply {
    gravity = Gravity.CENTER
    minimumWidth = dp(Space.TOUCH)
    minimumHeight = dp(Space.TOUCH)
    contentDescription = label
    background = touched(null)
    setOnClickListener { action() }
    addView(pictogram(pictogram))
}

/**
 * A button for what cannot be undone: it asks first, where it stands, in the person's own language. [no] says what happens if not, where
 * "cancel" could be taken for the thing itself.
 */
class AskFirst(
    look: Look, text: String, question: String, yes: String, of: String? = null, no: String = look.labels[Word.CANCEL], action: () -> Unit,
) : Stack(look) {
    init {
        val button = SideButton(look, text) { ask(true) }
        of?.let { button.contentDescription = "$text. $it" } // to whoever does not see where it stands
        val asking = look.card(Tint.PLAIN) {
            put(look.text(question).also { it.accessibilityLiveRegion = ACCESSIBILITY_LIVE_REGION_POLITE })
            put(SideButton(look, yes) {
                ask(false)
                action()
            }, WRAP_CONTENT)
            put(SideButton(look, no) { ask(false) }, WRAP_CONTENT)
        }
        put(button, WRAP_CONTENT)
        put(asking)
        ask(false)
    }

    private fun ask(asking: Boolean) {
        getChildAt(0).visibility = if (asking) View.GONE else View.VISIBLE
        getChildAt(1).visibility = if (asking) View.VISIBLE else View.GONE
    }
}
