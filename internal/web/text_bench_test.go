package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"parley/internal/secretariat"
	"parley/internal/talks"
	"parley/internal/text"
)

// sixtyPages is a stage with a text of 60 pages and 1,000 brackets: 500
// paragraphs of some sixty words, each with two brackets of two or three options.
func sixtyPages(b *testing.B) *stage {
	var w strings.Builder
	w.WriteString("# A treaty of sixty pages\n\n")
	filler := strings.Repeat("the parties shall use the waters of the lake in good faith and with care for those who live by it ", 2)
	for i := range 500 {
		if i%5 == 0 {
			fmt.Fprintf(&w, "Article %d. Matter %d\n\n", i/5+1, i/5+1)
		}
		fmt.Fprintf(&w, "%d. In matter %d [KENYA: no more than %d tonnes (-UGANDA)][UGANDA: %d tonnes][MEDIATION: a fair share], %s [KENYA: within a year][UGANDA: in time].\n\n", i%5+1, i, i, i+1, filler)
	}
	s := seated(b)
	s.do("ada", fielded("table-text", "text", "long", "standing", "chair-text", "words", w.String()))
	if n := len(s.page("njeri", "/talks/lake/text/long").all("a.bno")); n != 1000 {
		b.Fatalf("the text has %d brackets", n)
	}
	return s
}

// BenchmarkTextPage1000 renders a text with 1,000 brackets for a head of
// delegation: all of it, with a bracket open, and its table.
func BenchmarkTextPage1000(b *testing.B) {
	s := sixtyPages(b)
	for _, c := range []struct{ name, path string }{
		{"all", "/talks/lake/text/long"}, {"bracket", "/talks/lake/text/long?bracket=b500"}, {"clause", "/talks/lake/text/long?clause=c300"},
		{"clean", "/talks/lake/text/long?as=kenya"}, {"table", "/talks/lake/table/long"}, {"projector", "/talks/lake/text/long?view=projector"},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := httptest.NewRequest("GET", "http://house.example"+c.path, nil)
			r.AddCookie(&http.Cookie{Name: "parley", Value: s.cookie["njeri"]})
			size := 0
			for b.Loop() {
				w := httptest.NewRecorder()
				s.Site.ServeHTTP(w, r)
				if size = w.Body.Len(); w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
			b.ReportMetric(float64(size)/1000, "kB")
		})
	}
}

// BenchmarkTextAct1000 answers an act on a text with 1,000 brackets: at the
// desk alone, posted from the page, and with the page that follows.
func BenchmarkTextAct1000(b *testing.B) {
	s := sixtyPages(b)
	n := 0
	form := func() url.Values {
		n++
		return url.Values{"text": {"long"}, "bracket": {fmt.Sprintf("b%d", n%1000+1)}, "words": {fmt.Sprintf("some %d tonnes", n)}}
	}
	b.Run("desk", func(b *testing.B) {
		for b.Loop() {
			f := form()
			a := talks.On[text.OfferOption]{Text: "long", Act: text.OfferOption{Bracket: text.ID(f.Get("bracket")), Words: f.Get("words")}}
			if _, err := s.Desk.Submit(context.Background(), "lake", s.caller("njeri"), secretariat.Submission{Act: a}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("post", func(b *testing.B) {
		for b.Loop() {
			if a := s.post("njeri", "/talks/lake/acts/offer-option", form()); a.Status != http.StatusSeeOther {
				b.Fatal(a.Body)
			}
		}
	})
	b.Run("post-and-page", func(b *testing.B) {
		for b.Loop() {
			a := s.post("njeri", "/talks/lake/acts/offer-option", form())
			if a.Status != http.StatusSeeOther {
				b.Fatal(a.Body)
			}
			if p := s.get("njeri", strings.TrimSuffix(a.Header.Get("Location"), "#panel")); p.Status != http.StatusOK {
				b.Fatal(p.Status)
			}
		}
	})
}
