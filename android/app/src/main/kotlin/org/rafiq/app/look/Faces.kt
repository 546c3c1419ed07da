package org.rafiq.app.look

import android.graphics.Canvas
import android.graphics.Paint
import android.view.View

/** Brows, eyes and mouth, from very hard to very good. */
private val LINES: List<Pen.() -> Unit> = listOf(
    { // tired eyes, closed; brows raised towards the middle
        curve(6.5f, 10.5f, 8.2f, 12f, 10f, 10.5f)
        curve(14f, 10.5f, 15.8f, 12f, 17.5f, 10.5f)
        line(6.4f, 8.2f, 9.6f, 6.8f)
        line(17.6f, 8.2f, 14.4f, 6.8f)
        curve(8.2f, 17.6f, 12f, 14f, 15.8f, 17.6f)
    },
    {
        eyes()
        line(6.6f, 7.6f, 9.4f, 6.8f)
        line(17.4f, 7.6f, 14.6f, 6.8f)
        curve(8.4f, 16.8f, 12f, 14.8f, 15.6f, 16.8f)
    },
    {
        eyes()
        line(8.6f, 16f, 15.4f, 16f)
    },
    {
        eyes()
        curve(8.2f, 14.8f, 12f, 18f, 15.8f, 14.8f)
    },
    { // eyes that laugh
        curve(6.8f, 10.2f, 8.4f, 8f, 10f, 10.2f)
        curve(14f, 10.2f, 15.6f, 8f, 17.2f, 10.2f)
        curve(7.2f, 13.6f, 12f, 20.4f, 16.8f, 13.6f)
        line(7.2f, 13.6f, 16.8f, 13.6f)
    },
)

private class Face(look: Look, feeling: Int, private val size: Int) : Drawing(look.context, size) {
    private val lines = Pen().apply(LINES[feeling - 1]).path
    private val ground = Paint(Paint.ANTI_ALIAS_FLAG).apply { color = look.colour(Palette.faces[feeling - 1]) }
    private val ink = Pen.ink(look.colour(Palette.faceInk), 4 / 3f)

    override fun onDraw(canvas: Canvas) {
        canvas.drawCircle(size / 2f, size / 2f, size / 2f, ground)
        canvas.scale(size / Pen.SQUARE, size / Pen.SQUARE)
        canvas.drawPath(lines, ink)
    }
}

/** One of the five faces, 1 (very hard) to 5 (very good), drawn by hand; large for choosing one, small beside a check-in. */
fun Look.face(feeling: Int, large: Boolean = false): View = Face(this, feeling.coerceIn(1, LINES.size), sp(if (large) 52 else 40))
