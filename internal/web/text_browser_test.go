package web_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// textPages are the pages of a text, for looking at all of them.
var textPages = []struct{ who, name, path string }{
	{"njeri", "text", "/talks/lake/text/treaty"},
	{"njeri", "text-bracket", "/talks/lake/text/treaty?bracket=b5"},
	{"ada", "text-clause", "/talks/lake/text/treaty?clause=c4"},
	{"njeri", "text-clean", "/talks/lake/text/treaty?as=kenya"},
	{"njeri", "text-against", "/talks/lake/text/treaty?against=0"},
	{"njeri", "text-history", "/talks/lake/text/treaty?history=c10"},
	{"njeri", "text-search", "/talks/lake/text/treaty?q=lake"},
	{"njeri", "text-figures", "/talks/lake/text/treaty?view=figures"},
	{"olga", "text-projector", "/talks/lake/text/treaty?view=projector&clause=c7"},
	{"njeri", "table", "/talks/lake/table/treaty"},
	{"ada", "text-table-another", "/talks/lake/text?all=yes"},
	{"njeri", "text-in-room", "/talks/lake/drafts/delegation/position"},
}

// negotiated is a stage on which something was done with the text.
func negotiated(t testing.TB) *stage {
	s := drafted(t)
	s.do("ada", `freeze text=treaty symbol=LAKE/1`)
	s.do("njeri", `agree-ad-referendum text=treaty clause=c3`)
	s.do("otieno", `agree-ad-referendum text=treaty clause=c3`)
	s.do("otieno", `offer-option text=treaty bracket=b4 words="three working"`)
	s.do("njeri", `support-option text=treaty bracket=b4 option=c`)
	s.do("ada", `propose-lift text=treaty bracket=b6 option=b`)
	s.do("njeri", `agree-to-lift text=treaty bracket=b6`)
	s.do("ada", `annotate text=treaty clause=c14 words="Both sides say that the season is a matter of weeks."`)
	s.do("otieno", `mark-for-leaders text=treaty clause=c8`)
	s.do("njeri", fielded("table-text-in-room", "in", "delegation", "text", "position", "standing", "proposal", "words", "# Where we stand\n\n1. We hold to [KENYA: forty] million, [no less].\n"))
	return s
}

// TestTextScreenshots writes the pages of a text as people see them, if asked to.
func TestTextScreenshots(t *testing.T) {
	if !*screenshots {
		t.Skip("run with -screenshots to write docs/screenshots")
	}
	s := negotiated(t)
	dir := filepath.Join("..", "..", "docs", "screenshots")
	viewers := map[string]*viewer{}
	for _, c := range textPages {
		v := viewers[c.who]
		if v == nil {
			v = s.browse(t, c.who)
			viewers[c.who] = v
		}
		for _, width := range []int64{390, 1440} {
			for _, theme := range []string{"light", "dark"} {
				v.size(width)
				v.theme(theme)
				v.open(c.path)
				_ = ask[bool](v, `document.fonts.ready.then(() => true)`)
				height := min(ask[int64](v, `document.documentElement.scrollHeight`), 2600)
				v.must(chromedp.Do(v.ctx, chromedp.EmulateViewport(width, height)))
				shot, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
				v.must(err)
				s.must(os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", c.name, width, theme)), shot, 0o666))
			}
		}
	}
}
