package plot

import (
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-fonts/liberation/liberationserifregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// face is one of the three faces a figure is set in, at a size in CSS pixels.
type face struct {
	serif, bold bool
	size        float64
}

// typeface is a parsed font. sfnt buffers are not for two goroutines at once, hence a pool.
type typeface struct {
	font *sfnt.Font
	bufs sync.Pool
}

func open(ttf []byte) func() *typeface {
	return sync.OnceValue(func() *typeface {
		f, err := sfnt.Parse(ttf)
		if err != nil {
			panic("plot: an embedded font does not parse: " + err.Error())
		}
		return &typeface{font: f, bufs: sync.Pool{New: func() any { return new(sfnt.Buffer) }}}
	})
}

var (
	sansRegular  = open(liberationsansregular.TTF)
	sansBold     = open(liberationsansbold.TTF)
	serifRegular = open(liberationserifregular.TTF)
)

func (f face) typeface() *typeface {
	switch {
	case f.serif:
		return serifRegular()
	case f.bold:
		return sansBold()
	}
	return sansRegular()
}

// The page sets figures in IBM Plex Sans and Source Serif 4, wider than the built-in faces by up to these factors
// (average advance of a lower-case alphabet with spaces). Places are reserved for the wider of the two.
const (
	sansSlack  = 1.08
	serifSlack = 1.12
)

func (f face) slack() float64 {
	if f.serif {
		return serifSlack
	}
	return sansSlack
}

// width is the room a line of text is given, in CSS pixels.
func (f face) width(text string) float64 { return f.advance(text) * f.slack() }

// advance is the length of a line in the built-in face.
func (f face) advance(text string) float64 {
	x := 0.0
	f.each(text, func(_ sfnt.GlyphIndex, at float64, adv float64) { x = at + adv })
	return x
}

// each visits the glyphs of a line with their offset and advance in CSS pixels, kerned.
func (f face) each(text string, visit func(g sfnt.GlyphIndex, at, advance float64)) {
	t := f.typeface()
	buf := t.bufs.Get().(*sfnt.Buffer)
	defer t.bufs.Put(buf)
	ppem := fixed.Int26_6(f.size*64 + 0.5)
	x, prev := 0.0, sfnt.GlyphIndex(0)
	for _, r := range text {
		g, err := t.font.GlyphIndex(buf, r)
		if err != nil {
			g = 0
		}
		if prev != 0 && g != 0 {
			if k, err := t.font.Kern(buf, prev, g, ppem, font.HintingNone); err == nil {
				x += float64(k) / 64
			}
		}
		a, err := t.font.GlyphAdvance(buf, g, ppem, font.HintingNone)
		if err != nil {
			a = ppem / 2
		}
		visit(g, x, float64(a)/64)
		x += float64(a) / 64
		prev = g
	}
}

// missing returns the first letter the built-in face cannot draw.
func (f face) missing(text string) (rune, bool) {
	t := f.typeface()
	buf := t.bufs.Get().(*sfnt.Buffer)
	defer t.bufs.Put(buf)
	for _, r := range text {
		if g, err := t.font.GlyphIndex(buf, r); err != nil || g == 0 {
			return r, true
		}
	}
	return 0, false
}

// fit shortens a line with an ellipsis until it fits a width.
func (f face) fit(text string, room float64) string {
	if f.width(text) <= room {
		return text
	}
	rs := []rune(text)
	for n := len(rs) - 1; n > 0; n-- {
		if s := string(rs[:n]) + "…"; f.width(s) <= room {
			return s
		}
	}
	return "…"
}
