package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// crowded is a burdened stage with so much more open that thirty matters and
// more stand on the mediator's board.
func crowded(t testing.TB) *stage {
	s := burdened(t)
	for i := range 8 {
		s.do("ada", fmt.Sprintf(`request-observer name="Observer %d" as=observer`, i))
		s.do("otieno", fmt.Sprintf(`object entry=%s grounds="Ground %d"`, s.size(), i))
		s.do("ada", fmt.Sprintf(`note-deadline what="Deadline %d" due=2030-02-%02dT12:00:00+03:00 source="a letter"`, i, i+1))
		s.do("ada", fmt.Sprintf(`ask-sealed name=question-%d question="How much of %d?" parties=kenya,uganda opens=2030-01-%02dT12:00:00+03:00`, i, i, i+10))
		s.do("njeri", fmt.Sprintf(`say-in-room in=shuttle text="In confidence %d."`, i))
		s.do("ada", fmt.Sprintf(`record-outside as=statement who="Speaker %d" text="Said what was to be expected." source="a wire service" reliability=reported`, i))
	}
	for _, heading := range []string{"purpose", "format", "time", "agenda", "decision-rule"} {
		s.do("njeri", `propose-modality heading=`+heading+` text="As we wrote on Monday."`)
	}
	for i := range 4 {
		s.do("otieno", fmt.Sprintf(`ask-destruction entry=%d ground="It names a person."`, i+1))
	}
	return s
}

// BenchmarkBoard30 renders the mediator's board with thirty open matters and
// more, and the calendar of the same talks.
func BenchmarkBoard30(b *testing.B) {
	s := crowded(b)
	open := len(s.page("ada", "/talks/lake/board").all("table.stack tbody tr"))
	if open < 30 {
		b.Fatalf("only %d matters are open", open)
	}
	for _, path := range []string{"board", "calendar", "calendar.ics", "briefing"} {
		b.Run(path, func(b *testing.B) {
			r := httptest.NewRequest("GET", "http://house.example/talks/lake/"+path, nil)
			r.AddCookie(&http.Cookie{Name: "parley", Value: s.cookie["ada"]})
			size := 0
			for b.Loop() {
				w := httptest.NewRecorder()
				s.Site.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
				size = w.Body.Len()
			}
			b.ReportMetric(float64(open), "matters")
			b.ReportMetric(float64(size)/1000, "kB")
		})
	}
}
