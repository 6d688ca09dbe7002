package web_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"parley/third_party/axe"
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
				height := min(ask[int64](v, `document.documentElement.scrollHeight`), 1800)
				v.must(chromedp.Do(v.ctx, chromedp.EmulateViewport(width, height)))
				shot, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
				v.must(err)
				s.must(os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", c.name, width, theme)), shot, 0o666))
			}
		}
	}
}

// pressed presses the button that says so, and waits for the page it leads to.
func (v *viewer) pressed(words string) {
	v.t.Helper()
	v.loads(func() {
		if !ask[bool](v, fmt.Sprintf(`(() => { const b = [...document.querySelectorAll("button")].find(b => b.innerText.trim() === %q && b.checkVisibility()); if (b) b.click(); return !!b })()`, words)) {
			v.t.Fatalf("%s finds no button %q", v.who, words)
		}
	})
}

// unfold opens a form by its name.
func (v *viewer) unfold(words string) {
	v.t.Helper()
	if !ask[bool](v, fmt.Sprintf(`(() => { const s = [...document.querySelectorAll("summary")].find(s => s.innerText.trim() === %q); if (s) s.click(); return !!s })()`, words)) {
		v.t.Fatalf("%s finds no form %q", v.who, words)
	}
}

// TestClauseAgreedLive: two delegations, each in a browser of their own, take a
// clause from two options to agreed ad referendum. Each sees what the other
// does without loading the page again.
func TestClauseAgreedLive(t *testing.T) {
	s := drafted(t)
	njeri, otieno := s.browse(t, "njeri"), s.browse(t, "otieno")
	for _, v := range []*viewer{njeri, otieno} {
		v.open(treaty)
		v.connected()
	}
	njeri.loads(func() { _ = ask[bool](njeri, `(document.getElementById("b4").click(), true)`) })
	njeri.connected()
	njeri.sees("Bracket 4 in 2.2, 2 options")
	njeri.unfold("Offer other words")
	njeri.must(chromedp.Do(njeri.ctx, chromedp.SendKeys(chromedp.ID("offer-option-words"), "three working")))
	njeri.pressed("Offer these words")
	njeri.connected()

	otieno.sees("three working") // live, in the clause and among the latest changes
	if got := ask[string](otieno, `document.querySelector("#clause-c6 p").innerText`); got != "Either Party may ask for a reading by both keepers within [4atwo][bfive][cthree working] days." {
		t.Errorf("Otieno reads %q", got)
	}
	otieno.loads(func() { _ = ask[bool](otieno, `(document.getElementById("b4").click(), true)`) })
	otieno.connected()
	otieno.pressed("Propose to settle on c")
	otieno.connected()

	njeri.sees("Uganda proposes to settle this bracket on option c.") // in the panel that is open
	njeri.pressed("Agree to what is proposed")
	njeri.sees("Bracket 4 is no longer there")
	njeri.sees("All parties agree; a bracket in 2.2 is lifted: “three working”")
	otieno.sees("within three working days.")

	for i, v := range []*viewer{njeri, otieno} {
		v.open(treaty + "?clause=c6#panel")
		v.connected()
		v.unfold("Agree ad referendum")
		if i == 1 {
			v.must(chromedp.Do(v.ctx, chromedp.SendKeys(chromedp.ID("agree-ad-referendum-if"), "1.1")))
		}
		v.pressed("Agree, subject to our capital")
		v.sees("agrees, ad referendum")
	}
	njeri.sees("Uganda agrees, ad referendum, if 1.1 is agreed")
	njeri.sees("Clause 2.2: agreed ad referendum")
	if got := ask[string](njeri, `document.querySelector("#clause-c6 .status").innerText`); got != "Agreed ad referendum" {
		t.Errorf("2.2 is %q", got)
	}
}

// TestTextKeys: n and p go from bracket to bracket, a to the table and back, c
// to a clean reading; typing is not disturbed, and the keys can be switched off.
func TestTextKeys(t *testing.T) {
	s := drafted(t)
	v := s.browse(t, "njeri")
	v.open(treaty)
	at := func() string { return ask[string](v, `document.activeElement.id`) }
	v.press("n")
	v.press("n")
	if at() != "b2" {
		t.Errorf("after n, n the focus is on %q", at())
	}
	v.press("p")
	if at() != "b1" {
		t.Errorf("after p it is on %q", at())
	}
	v.loads(func() { v.press(kb.Enter) })
	v.sees("Bracket 1 in ¶1, 2 options")
	v.must(chromedp.Do(v.ctx, chromedp.SendKeys(chromedp.ID("q"), "can")))
	if got := ask[string](v, `location.search + document.getElementById("q").value`); got != "?bracket=b1can" {
		t.Errorf("typing went astray: %q", got)
	}
	_ = ask[bool](v, `(document.activeElement.blur(), true)`)
	v.loads(func() { v.press("a") })
	v.sees("Drawn from the text")
	v.loads(func() { v.press("a") })
	v.loads(func() { v.press("c") })
	v.sees("if Kenya had what it has asked for")
	v.open(treaty)
	_ = ask[bool](v, `(document.getElementById("keys").click(), document.activeElement.blur(), true)`)
	v.press("n")
	if at() != "top" {
		t.Errorf("keys that are off go to %q", at())
	}
}

// TestTextAccessible: axe-core finds nothing to object to on any page of a text
// in either theme, with all forms open, and none is wider than a phone.
func TestTextAccessible(t *testing.T) {
	s := negotiated(t)
	viewers := map[string]*viewer{}
	for _, c := range textPages {
		v := viewers[c.who]
		if v == nil {
			v = s.browse(t, c.who)
			viewers[c.who] = v
		}
		v.size(1280)
		v.open(c.path)
		v.must(chromedp.Do(v.ctx, chromedp.Evaluate[chromedp.Void](axe.Source+";void 0")))
		_ = ask[bool](v, `document.querySelectorAll("details").forEach(d => d.open = true), true`)
		for _, theme := range []string{"light", "dark"} {
			v.theme(theme)
			for _, f := range ask[[]string](v, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => r.violations.map(x => x.id + ": " + x.help + "\n\t" + x.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + " — " + n.failureSummary.replace(/\s+/g, " ")).join("\n\t")))`) {
				t.Errorf("%s %s: %s", c.name, theme, f)
			}
		}
		for _, width := range []int64{320, 768} {
			v.size(width)
			if n := ask[int64](v, `document.documentElement.scrollWidth`); n > width {
				t.Errorf("%s is %d px wide on a screen of %d", c.name, n, width)
			}
		}
	}
}
