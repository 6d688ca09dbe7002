package web_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

var prints = flag.String("prints", "", "write what the pages print to PDF files in this directory")

// pagesOfPDF finds the page objects of a PDF as Chromium writes it.
var pagesOfPDF = regexp.MustCompile(`/Type\s*/Page\b`)

// print is a page as it comes out of a printer.
func (v *viewer) print(path string) []byte {
	v.t.Helper()
	v.open(path)
	_ = ask[bool](v, `document.fonts.ready.then(() => true)`)
	got, err := chromedp.Call(v.ctx, cdppage.PrintToPDF, cdppage.PrintToPDFParams{PreferCSSPageSize: new(true)})
	v.must(err)
	return got.Data
}

// TestPrints: the briefing is a page or two; so is the seating, on one; nothing
// that is pressed is on paper.
func TestPrints(t *testing.T) {
	s := furnished(t)
	viewers := map[string]*viewer{"ada": s.browse(t, "ada"), "njeri": s.browse(t, "njeri")}
	for _, c := range []struct {
		who, path string
		most      int // sheets
	}{
		{"ada", "/talks/lake/briefing", 2}, {"njeri", "/talks/lake/briefing", 2}, {"njeri", "/talks/lake/seating", 1},
		{"ada", "/talks/lake/board", 2}, {"ada", "/talks/lake/calendar", 2}, {"ada", "/talks/lake/delegations", 2},
	} {
		pdf := viewers[c.who].print(c.path)
		if n := len(pagesOfPDF.FindAll(pdf, -1)); n == 0 || n > c.most {
			t.Errorf("%s prints %s on %d sheets, not on at most %d", c.who, c.path, n, c.most)
		}
		if !bytes.HasPrefix(pdf, []byte("%PDF")) {
			t.Errorf("%s is no PDF", c.path)
		}
		if *prints != "" {
			s.must(os.WriteFile(filepath.Join(*prints, c.who+"-"+filepath.Base(c.path)+".pdf"), pdf, 0o666))
		}
	}
}

// TestBoardLive: what is entered shows on the board without loading it again.
func TestBoardLive(t *testing.T) {
	s := inSession(t)
	v := s.browse(t, "ada")
	v.open("/talks/lake/board")
	v.connected()
	s.do("wanjiku", `raise-point-of-order point="The map shows a border."`)
	v.sees("Rule on the point of order of")
	s.do("ada", `note-deadline what="The dam opens its gates" due=2030-01-05T06:00:00+03:00`)
	v.sees("The dam opens its gates")
}
