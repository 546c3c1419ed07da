package org.rafiq.app.look

import android.text.Editable
import android.text.InputType
import android.text.TextWatcher
import android.view.Gravity
import android.view.View
import android.view.ViewGroup
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.view.inputmethod.EditorInfo
import android.widget.AdapterView
import android.widget.ArrayAdapter
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.NumberPicker
import android.widget.Spinner
import org.rafiq.presenters.DayChoice
import org.rafiq.presenters.Word

/** What is written in a field: the keyboard helps accordingly, and learns nothing from addresses and secrets. */
enum class Writing(internal val input: Int) {
    WORDS(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_CAP_SENTENCES),
    NAME(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_CAP_WORDS or InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS),
    ADDRESS(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_URI or InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS),

    /** Latin letters and blanks, as they stand on paper. */
    COPIED(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_VISIBLE_PASSWORD or InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS),
    SECRET(InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_PASSWORD),
}

/**
 * A line (or several) to write, under its label. A screen makes it once and keeps it: whatever else is shown anew, nobody loses the place
 * where they are writing.
 */
class Field(
    look: Look, label: String, about: String? = null, lines: Int = 1, private val writing: Writing = Writing.WORDS,
    submit: (() -> Unit)? = null,
) : Stack(look, Space.SMALL) {
    private val edit = look.lettered(EditText(look.context), Type.WORDS)
    private var isFilled = false
    private var isFilling = false

    /** Called with what is written, at every key. */
    var changed: (String) -> Unit = {}

    /** What is written. */
    var text: String
        get() = edit.text.toString()
        set(value) {
            if (value == text) return
            edit.setText(value)
            edit.setSelection(edit.text.length)
        }

    init {
        val heading = look.text(label, Type.STRONG)
        edit.id = View.generateViewId()
        heading.labelFor = edit.id
        edit.background = look.ground(Palette.card, Palette.line)
        edit.minimumHeight = look.dp(Space.TOUCH + Space.TINY) // (`minHeight` would be forgotten with the kind of input)
        edit.room(look, Space.MIDDLE, Space.SMALL)
        edit.inputType = writing.input or if (lines > 1) InputType.TYPE_TEXT_FLAG_MULTI_LINE else 0
        edit.typeface = Newer.typeface(Type.WORDS.weight) // a password's would be another
        edit.imeOptions = (if (submit == null) EditorInfo.IME_ACTION_DONE else EditorInfo.IME_ACTION_GO) or
            EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING or EditorInfo.IME_FLAG_NO_EXTRACT_UI
        if (writing == Writing.COPIED) edit.imeOptions = edit.imeOptions or EditorInfo.IME_FLAG_FORCE_ASCII
        edit.isSaveEnabled = false // what is written stays in the app's memory, not in the system's
        edit.importantForAutofill = View.IMPORTANT_FOR_AUTOFILL_NO
        edit.highlightColor = look.colour(Palette.paleTeal)
        if (lines > 1) {
            edit.minLines = lines
            edit.gravity = Gravity.TOP or Gravity.START
        }
        if (writing == Writing.ADDRESS || writing == Writing.COPIED) edit.textDirection = View.TEXT_DIRECTION_LTR
        edit.addTextChangedListener(object : TextWatcher {
            override fun beforeTextChanged(text: CharSequence?, start: Int, count: Int, after: Int) = Unit
            override fun onTextChanged(text: CharSequence?, start: Int, before: Int, count: Int) = Unit
            override fun afterTextChanged(written: Editable?) {
                if (!isFilling) changed(written?.toString().orEmpty())
            }
        })
        edit.setOnEditorActionListener { _, _, _ ->
            if (submit != null && text.isNotEmpty()) submit()
            submit != null
        }
        put(heading)
        put(edit)
        about?.let { put(look.text(it, Type.SMALL)) }
    }

    /** Writes what was there before, the first time only: afterwards it is the person's. */
    fun fill(text: String) {
        if (isFilled) return
        isFilled = true
        isFilling = true
        this.text = text
        isFilling = false
    }
}

/** When something takes place: a day in the person's own calendar, and a time. */
class MomentField(look: Look, private val days: List<DayChoice>) : Stack(look) {
    private val day = Spinner(look.context)
    private val hour = number(0..23, 1, NOON)
    private val minute = number(0..55, MINUTES, 0)

    /** Unix ms; null where there is no day to choose. */
    val startsAtMs: Long? get() = days.getOrNull(day.selectedItemPosition)?.at(hour.value, minute.value * MINUTES)

    init {
        put(look.text(look.labels[Word.DAY], Type.STRONG))
        day.adapter = object : ArrayAdapter<DayChoice>(look.context, 0, days) {
            override fun getView(position: Int, convertView: View?, parent: ViewGroup): View = line(position, Space.SMALL)
            override fun getDropDownView(position: Int, convertView: View?, parent: ViewGroup): View =
                line(position, Space.MIDDLE).apply { setBackgroundColor(look.colour(Palette.card)) }
        }
        day.background = look.touched(look.ground(Palette.card, Palette.line))
        day.contentDescription = look.labels[Word.DAY]
        day.minimumHeight = look.dp(Space.TOUCH)
        day.onItemSelectedListener = object : AdapterView.OnItemSelectedListener {
            override fun onItemSelected(parent: AdapterView<*>?, view: View?, position: Int, id: Long) {
                day.contentDescription = look.labels[Word.DAY] + ", " + days[position].text
            }

            override fun onNothingSelected(parent: AdapterView<*>?) = Unit
        }
        put(day)
        put(look.text(look.labels[Word.TIME], Type.STRONG))
        val time = look.side(hour, look.text(":", Type.STRONG), minute)
        time.layoutDirection = LAYOUT_DIRECTION_LTR // hours before minutes, in every script, but where the person's lines begin
        if (look.direction == LAYOUT_DIRECTION_RTL) time.gravity = Gravity.RIGHT or Gravity.CENTER_VERTICAL
        put(time)
    }

    private fun line(position: Int, down: Int): View = look.text(days[position].text).apply {
        minHeight = look.dp(Space.TOUCH)
        gravity = Gravity.CENTER_VERTICAL or Gravity.START
        layoutDirection = look.direction
        room(look, Space.MIDDLE, down)
    }

    private fun number(range: IntRange, step: Int, at: Int) = NumberPicker(look.context).apply {
        val values = range.step(step).toList()
        displayedValues = null
        minValue = 0
        maxValue = values.size - 1
        displayedValues = values.map { look.labels.number(it).padStart(2, look.labels.number(0).last()) }.toTypedArray()
        value = at / step
        descendantFocusability = ViewGroup.FOCUS_BLOCK_DESCENDANTS // turned, not typed
        contentDescription = look.labels[Word.TIME]
    }

    private companion object {
        const val NOON = 12

        /** Nobody meets at three minutes past. */
        const val MINUTES = 5
    }
}

/** A number to choose. */
class NumberField(look: Look, label: String, range: IntRange, at: Int) : Stack(look, Space.SMALL) {
    private val picker = NumberPicker(look.context)

    /** The number. */
    val value: Int get() = picker.value

    init {
        picker.minValue = range.first
        picker.maxValue = range.last
        picker.wrapSelectorWheel = false
        picker.setFormatter { look.labels.number(it) }
        picker.value = at
        picker.descendantFocusability = ViewGroup.FOCUS_BLOCK_DESCENDANTS
        picker.contentDescription = label
        put(look.text(label, Type.STRONG))
        put(picker, WRAP_CONTENT)
    }
}

/** Something to add that is rarely wanted: a button that opens what is to be filled in, and closes it again. */
class Foldout(
    look: Look, private val text: String, private val pictogram: Pictogram = Pictogram.ADD,
    private val form: Stack.(close: () -> Unit) -> Unit,
) : Stack(look) {
    /** Whether there is a form that somebody may be filling in. */
    var isOpen = false
        private set

    init {
        fold()
    }

    private fun fold() {
        isOpen = false
        removeAllViews()
        put(SideButton(look, text, pictogram) { unfold() }, WRAP_CONTENT)
    }

    private fun unfold() {
        isOpen = true
        removeAllViews()
        val heading = look.heading(text).apply { room(look, 0, Space.SMALL) }
        put(look.side(heading, look.pictogramButton(Pictogram.CLOSE, look.labels[Word.CLOSE]) { fold() }, growing = heading, top = true))
        form { fold() }
    }
}

/** For fields that stand beside a button. */
fun Look.beside(field: View, button: View): LinearLayout =
    side(field, button, gap = Space.SMALL, growing = field).apply { gravity = Gravity.BOTTOM }
