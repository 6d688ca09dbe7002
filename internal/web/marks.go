package web

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"parley/internal/phrasebook"
)

// What stands within a line of text is written here rather than in a template,
// where every line end would become a space before the next full stop.

// phrase is a phrase with the marks of the parties it names. What people wrote
// is set apart, whichever way it runs.
func phrase(v *voice, t phrasebook.Text) templ.Component {
	return inline(func(b []byte) []byte {
		for _, s := range t {
			switch {
			case s.Side != "":
				if m, ok := v.marks[s.Side]; ok && m.Hatch != mediationHatch {
					b = appendMark(b, m) // the chair and the mediation are words of procedure here
				}
				b = append(b, templ.EscapeString(s.Text)...)
			case s.Words || s.Seat != "":
				b = appendApart(b, s.Text)
			default:
				b = append(b, templ.EscapeString(s.Text)...)
			}
		}
		return b
	})
}

// sideName is a side as it stands in lists and at the head of what it says.
func sideName(v *voice, side string) templ.Component {
	return inline(func(b []byte) []byte {
		if m, ok := v.of(side); ok {
			b = appendMark(b, m)
		}
		return appendApart(b, v.title(side))
	})
}

func appendMark(b []byte, m mark) []byte {
	b = append(b, `<span class="mark `...)
	b = append(b, m.Hatch...)
	b = append(b, `" aria-hidden="true">`...)
	b = append(b, templ.EscapeString(m.Letters)...)
	return append(b, `</span>`...)
}

func appendApart(b []byte, text string) []byte {
	b = append(b, `<bdi>`...)
	b = append(b, templ.EscapeString(text)...)
	return append(b, `</bdi>`...)
}

func inline(write func([]byte) []byte) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := w.Write(write(make([]byte, 0, 256)))
		return err
	})
}
