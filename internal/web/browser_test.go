package web_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"parley/third_party/axe"
)

// One browser serves all tests; each person has a profile of their own in it.
var chromium = sync.OnceValues(func() (context.Context, context.CancelFunc) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, nil
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("no-sandbox", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, leave := chromedp.NewContext(allocated)
	return ctx, func() { leave(); stop() }
})

func TestMain(m *testing.M) {
	code := m.Run()
	if chromiumWanted {
		if _, stop := chromium(); stop != nil {
			stop()
		}
	}
	os.Exit(code)
}

var chromiumWanted bool

// A viewer is somebody at a browser.
type viewer struct {
	*stage
	who string
	ctx context.Context
}

// browse opens a browser for somebody, signed in. Without Chromium the test is
// skipped, and says so.
func (s *stage) browse(t *testing.T, who string) *viewer {
	t.Helper()
	chromiumWanted = true
	browser, _ := chromium()
	if browser == nil {
		t.Skip("SKIPPED: no Chromium (chromium, chromium-browser or google-chrome) in PATH; install one to test the pages in a browser")
	}
	if err := chromedp.Do(browser); err != nil { // starts it, the first time
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	v := &viewer{s, who, ctx}
	v.size(1280)
	if c := s.cookie[who]; c != "" {
		_, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: "parley", Value: c, URL: s.Server.URL})
		v.must(err)
	}
	return v
}

func (v *viewer) must(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatalf("%s: %v", v.who, err)
	}
}

func (v *viewer) size(width int64) { v.must(chromedp.Do(v.ctx, chromedp.EmulateViewport(width, 900))) }

func (v *viewer) open(path string) {
	v.t.Helper()
	v.must(chromedp.Do(v.ctx, chromedp.Navigate(v.Server.URL+path)))
}

func (v *viewer) theme(name string) {
	_, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
	v.must(err)
}

// ask evaluates an expression in the page.
func ask[T any](v *viewer, expression string) T {
	v.t.Helper()
	x, err := chromedp.Run(v.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	v.must(err)
	return x
}

// sees waits until the page says it.
func (v *viewer) sees(words string) {
	v.t.Helper()
	last := ""
	for range 100 {
		// While a page goes and the next comes there may be nothing to ask.
		text, err := chromedp.Run(v.ctx, chromedp.Evaluate[string](`document.body ? document.body.innerText : ""`))
		if err == nil && strings.Contains(text, words) {
			return
		}
		last = text
		time.Sleep(50 * time.Millisecond)
	}
	v.t.Fatalf("%s does not see %q:\n%s", v.who, words, last)
}

// connected waits until the page is live.
func (v *viewer) connected() {
	v.t.Helper()
	for range 100 {
		if ask[bool](v, `document.documentElement.dataset.live === "yes"`) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	v.t.Fatalf("%s: the page does not become live", v.who)
}

func (v *viewer) press(keys string) {
	v.t.Helper()
	v.must(chromedp.Do(v.ctx, chromedp.KeyEvent(keys)))
}

// tabTo presses Tab until what is in focus says these words, or is labelled so.
func (v *viewer) tabTo(words string) {
	v.t.Helper()
	for range 150 {
		v.press(kb.Tab)
		at := ask[string](v, `(() => { const e = document.activeElement; return e.labels && e.labels.length ? e.labels[0].innerText : e.innerText || e.value || "" })()`)
		if strings.TrimSpace(at) == words {
			if !ask[bool](v, `getComputedStyle(document.activeElement).outlineStyle !== "none"`) {
				v.t.Errorf("the focus on %q does not show", words)
			}
			return
		}
	}
	v.t.Fatalf("%s cannot get to %q with Tab", v.who, words)
}

// shownTo is which pages somebody has, for looking at all of them.
var shownTo = []struct {
	who, name, path string
	press           string // what is sent from there, in script
}{
	{"", "lobby", "/", ""},
	{"ada", "lobby-signed-in", "/", ""},
	{"", "sign-in", "/sign-in", ""},
	{"", "rules", "/rules", ""},
	{"njeri", "devices", "/devices", ""},
	{"ada", "board-mediator", "/talks/lake/board", ""},
	{"njeri", "board-head", "/talks/lake/board", ""},
	{"ada", "calendar", "/talks/lake/calendar", ""},
	{"ada", "briefing", "/talks/lake/briefing", ""},
	{"olga", "seating", "/talks/lake/seating", ""},
	{"ada", "meeting-chair", "/talks/lake/meeting", ""},
	{"njeri", "meeting-head", "/talks/lake/meeting", ""},
	{"olga", "projector", "/talks/lake/meeting?view=projector", ""},
	{"ada", "delegations", "/talks/lake/delegations", ""},
	{"ada", "modalities", "/talks/lake/modalities", ""},
	{"ada", "background", "/talks/lake/background", ""},
	{"ada", "publish", "/talks/lake/publish", ""},
	{"njeri", "further", "/talks/lake/further", ""},
	{"", "press", "/talks/lake/press", ""},
	{"olga", "record", "/talks/lake/records/joint", ""},
	{"njeri", "proof", "/talks/lake/records/joint/3", ""},
	{"", "public-record", "/talks/lake/records/public", ""},
	{"njeri", "rooms", "/talks/lake/rooms", ""},
	{"njeri", "notes", "/talks/lake/rooms/notes/uganda", ""},
	{"njeri", "delegation-room", "/talks/lake/rooms/delegation", ""},
	{"ada", "mediation-room", "/talks/lake/rooms/mediation", ""},
	{"", "nothing-here", "/talks/sea", ""},
	{"njeri", "refusal", "/talks/lake/meeting", `document.getElementById("speak-text").value = "We were here first."; document.getElementById("speak-text").form.submit()`},
	{"ada", "newcomer", "/talks/lake/delegations", `document.getElementById("accredit-name").value = "Apio Ad"; document.getElementById("accredit-as-1").checked = true; document.getElementById("accredit-name").form.submit()`},
}

// furnished is a stage with something on every page.
func furnished(t testing.TB) *stage {
	s := inSession(t)
	s.do("ada", `arrange-venue place="The old pier, Kisumu" format="Three sides at one table" seating="The delegations face each other"`)
	s.do("njeri", `propose-modality heading=venue text="The old pier, by turns with Jinja."`)
	s.do("otieno", `agree-modality heading=venue`)
	s.do("otieno", `propose-modality heading=languages text="English, with Swahili at need."`)
	s.do("ada", `disclose text="The Commission is paid by both shores."`)
	s.do("njeri", `acknowledge-disclosure`)
	s.do("ada", `record-outside as=statement who="The fishers' union" text="Asked both sides for a closed season." source="its letter" reliability=confirmed`)
	s.do("ada", `expect name="Amina Ab" offices="Minister" party=kenya source="her office"`)
	s.do("otieno", `issue-holding-line text="For now there is nothing to say." until=2030-01-02T23:00:00+03:00`)
	s.do("njeri", `publish entry=`+s.statement()+` words="The lake has no owner."`)
	s.do("njeri", `pass-note to=uganda text="Shall we talk about the season first?"`)
	s.do("otieno", `pass-note to=kenya text="Gladly, after the break."`)
	s.do("njeri", `say-in-room in=delegation text="Keep to the season."`)
	s.do("ada", `log-contact with="The union" means=telephone summary="They will wait until Friday."`)
	s.do("ada", `link-earlier as=round title="The Jinja round" text="A first list of questions." direct=yes source="the archive" when=2027-03-01T09:00:00+03:00 until=2027-03-03T18:00:00+03:00`)
	s.do("ada", `record-side-meeting title="Dinner of four" participants="Kenya, Uganda, two donors" topics="the season" beyond="the border" source="the protocol" reliability=reported when=2029-12-31T19:00:00+03:00`)
	s.do("ada", `note-deadline what="The dam opens its gates" due=2030-01-05T06:00:00+03:00 source="the operator"`)
	s.do("ada", `ask-sealed name=season question="How long a closed season could you accept?" parties=kenya,uganda opens=2030-01-04T12:00:00+03:00`)
	s.do("njeri", `say-in-room in=shuttle text="We could live with eight weeks."`)
	s.do("njeri", `release in=shuttle entry=2 words="eight weeks" to=shuttle:uganda as=as-question`)
	s.do("nairobi", `instruct on="the season" text="Not less than six weeks." red-line=yes`)
	s.enrol("late", "Lata La", "")
	s.do("ada", `admit-observer person=late name="Lata La" as=observer`)
	s.do("wanjiku", `raise-point-of-order point="The map on the wall shows a border that is not agreed."`)
	return s
}

// statement is the number of the first statement.
func (s *stage) statement() string {
	p := s.page("njeri", "/talks/lake/records/joint")
	for _, li := range p.all(".entries li") {
		if strings.Contains(words(li), "The lake has no owner.") {
			id, _ := attr(li, "id")
			return strings.TrimPrefix(id, "e")
		}
	}
	s.t.Fatal("there is no statement")
	return ""
}

// TestAccessible: axe-core finds nothing to object to on any page in either
// theme, with all forms open; and no page is wider than the narrowest phone.
func TestAccessible(t *testing.T) {
	s := furnished(t)
	viewers := map[string]*viewer{}
	check := func(v *viewer, name string) {
		t.Helper()
		found := ask[[]string](v, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => r.violations.map(x => x.id + ": " + x.help + "\n\t" + x.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + " — " + n.failureSummary.replace(/\s+/g, " ")).join("\n\t")))`)
		for _, f := range found {
			t.Errorf("%s: %s", name, f)
		}
	}
	canary := s.browse(t, "")
	canary.open("/")
	canary.must(chromedp.Do(canary.ctx, chromedp.Evaluate[chromedp.Void](axe.Source+";void 0")))
	if n := ask[int](canary, `document.documentElement.lang = "", axe.run().then(r => r.violations.length)`); n == 0 {
		t.Fatal("the checker does not see a page without a language")
	}
	for _, c := range shownTo {
		v := viewers[c.who]
		if v == nil {
			v = s.browse(t, c.who)
			viewers[c.who] = v
		}
		v.size(1280)
		v.show(c.path, c.press)
		v.must(chromedp.Do(v.ctx, chromedp.Evaluate[chromedp.Void](axe.Source+";void 0")))
		_ = ask[bool](v, `document.querySelectorAll("details").forEach(d => d.open = true), true`)
		for _, theme := range []string{"light", "dark"} {
			v.theme(theme)
			check(v, c.name+" "+theme)
		}
		for _, width := range []int64{320, 768} {
			v.size(width)
			if n := ask[int64](v, `document.documentElement.scrollWidth`); n > width {
				wide := ask[string](v, fmt.Sprintf(`[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > %d).map(e => e.outerHTML.slice(0, 120)).slice(-3).join("\n")`, width))
				t.Errorf("%s is %d px wide on a screen of %d, for:\n%s", c.name, n, width, wide)
			}
		}
	}
}

// TestPointOfOrderByKeyboard: a head raises a point of order and the chair rules
// on it, both with the keyboard alone, side by side and live.
func TestPointOfOrderByKeyboard(t *testing.T) {
	s := inSession(t)
	njeri, ada := s.browse(t, "njeri"), s.browse(t, "ada")
	ada.open("/talks/lake/meeting")
	ada.connected()
	njeri.open("/talks/lake/meeting")
	njeri.connected()

	njeri.tabTo("Raise a point of order")
	njeri.press(kb.Enter)
	njeri.tabTo("What is out of order")
	njeri.press("The speaker reads from a letter")
	njeri.tabTo("Raise it now")
	njeri.press(kb.Enter)
	njeri.sees("Point of order, before all else")

	ada.sees("The speaker reads from a letter") // without loading the page again
	ada.tabTo("I uphold the point (without this tick it is overruled)")
	ada.press(" ")
	ada.tabTo("Ruling")
	ada.press("Letters are not read out")
	ada.tabTo("Rule")
	ada.press(kb.Enter)
	ada.sees("The chair upholds the point of order: Letters are not read out")
	njeri.sees("The chair upholds the point of order: Letters are not read out")
}

// TestPointOfOrderWithoutScript: the same with script switched off, by posting
// and loading.
func TestPointOfOrderWithoutScript(t *testing.T) {
	s := inSession(t)
	njeri, ada := s.browse(t, "njeri"), s.browse(t, "ada")
	for _, v := range []*viewer{njeri, ada} {
		_, err := chromedp.Call(v.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		v.must(err)
	}
	njeri.open("/talks/lake/meeting")
	njeri.tabTo("Raise a point of order")
	njeri.press(kb.Enter)
	njeri.tabTo("What is out of order")
	njeri.press("The speaker reads from a letter")
	njeri.tabTo("Raise it now")
	njeri.loads(func() { njeri.press(kb.Enter) })
	njeri.sees("Point of order, before all else")

	ada.open("/talks/lake/meeting")
	ada.sees("The speaker reads from a letter")
	ada.tabTo("Ruling")
	ada.press("It may be read")
	ada.tabTo("Rule")
	ada.loads(func() { ada.press(kb.Enter) })
	ada.sees("The chair overrules the point of order: It may be read")
	if ask[bool](ada, `document.documentElement.dataset.live === "yes"`) {
		t.Error("script ran all the same")
	}
}

// show opens a page and, if there is something to press on it, what that leads to.
func (v *viewer) show(path, press string) {
	v.t.Helper()
	v.open(path)
	if press != "" {
		v.loads(func() { v.must(chromedp.Do(v.ctx, chromedp.Evaluate[chromedp.Void](press))) })
	}
}

// loads does something and waits for the page it leads to.
func (v *viewer) loads(do func()) {
	v.t.Helper()
	_, err := chromedp.Run(v.ctx, chromedp.WaitEvent(cdppage.LoadEventFired, nil, func(context.Context, *chromedp.Target) (chromedp.Void, error) {
		do()
		return chromedp.Void{}, nil
	}))
	v.must(err)
}

// TestTypingOutlivesNews: while somebody types, what happens elsewhere shows
// live, and neither their words nor their place in them are lost.
func TestTypingOutlivesNews(t *testing.T) {
	s := inSession(t)
	v := s.browse(t, "njeri")
	v.open("/talks/lake/meeting")
	v.connected()
	v.must(chromedp.Do(v.ctx, chromedp.SendKeys(chromedp.ID("speak-text"), "Half a sentence")))
	s.do("otieno", `speak kept=exact text="Meanwhile, elsewhere."`)
	v.sees("Meanwhile, elsewhere.")
	v.sees("Nobody has the floor")
	v.press(", and the rest")
	if got := ask[string](v, `document.getElementById("speak-text").value`); got != "Half a sentence, and the rest" {
		t.Errorf("the words are now %q", got)
	}
	if n := ask[int](v, `document.querySelectorAll("#entries .new").length`); n != 1 {
		t.Errorf("%d entries are marked as new", n)
	}
	if heard := ask[string](v, `document.getElementById("heard").textContent`); !strings.Contains(heard, "Meanwhile, elsewhere.") {
		t.Errorf("who listens to the page hears %q", heard)
	}
}

// TestScreenshots writes the pages as people see them, if asked to.
func TestScreenshots(t *testing.T) {
	if !*screenshots {
		t.Skip("run with -screenshots to write docs/screenshots")
	}
	s := furnished(t)
	dir := filepath.Join("..", "..", "docs", "screenshots")
	s.must(os.MkdirAll(dir, 0o777))
	viewers := map[string]*viewer{}
	for _, c := range shownTo {
		v := viewers[c.who]
		if v == nil {
			v = s.browse(t, c.who)
			viewers[c.who] = v
		}
		for _, width := range []int64{390, 1440} {
			for _, theme := range []string{"light", "dark"} {
				v.size(width)
				v.theme(theme)
				v.show(c.path, c.press)
				_ = ask[bool](v, `document.fonts.ready.then(() => true)`)
				height := min(ask[int64](v, `document.documentElement.scrollHeight`), 1800)
				v.must(chromedp.Do(v.ctx, chromedp.EmulateViewport(width, height)))
				shot, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
				v.must(err)
				if len(shot) > 300_000 {
					t.Errorf("%s at %d px is %d kB", c.name, width, len(shot)/1000)
				}
				s.must(os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", c.name, width, theme)), shot, 0o666))
			}
		}
	}
}
