package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// A slow reader takes what comes at first, and then nothing more.
type slow struct {
	*httptest.ResponseRecorder
	mu     sync.Mutex
	takes  int
	until  time.Time
	writes int
}

func (s *slow) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	if s.takes--; s.takes < 0 {
		if s.until.IsZero() {
			return 0, errors.New("there is no deadline: the reader would be waited for for ever")
		}
		return 0, os.ErrDeadlineExceeded
	}
	return s.ResponseRecorder.Write(b)
}

func (s *slow) SetWriteDeadline(t time.Time) error { s.until = t; return nil }
func (s *slow) SetReadDeadline(time.Time) error    { return nil }
func (s *slow) FlushError() error                  { return nil }

// TestSlowReaderIsDropped: a stream ends for whoever does not take what is sent
// in time, and nobody waits for them meanwhile.
func TestSlowReaderIsDropped(t *testing.T) {
	s := inSession(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, "GET", "/talks/lake/stream/meeting?after="+s.size(), nil)
	r.AddCookie(&http.Cookie{Name: "parley", Value: s.cookie["olga"]})
	w := &slow{ResponseRecorder: httptest.NewRecorder(), takes: 1}
	done := make(chan struct{})
	go func() { s.Site.ServeHTTP(w, r); close(done) }()
	for {
		w.mu.Lock()
		begun := w.writes > 0
		w.mu.Unlock()
		if begun {
			break
		}
		time.Sleep(time.Millisecond)
	}
	s.do("otieno", `speak kept=exact text="Who hears this?"`)
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the slow reader is still waited for")
	}
	if w.until.IsZero() || strings.Contains(w.Body.String(), "Who hears this?") {
		t.Error("the reader was slow all the same")
	}
}

// FuzzForms: whatever is posted is answered, and never with a fault.
func FuzzForms(f *testing.F) {
	for _, form := range []string{"text=Yes&kept=exact", "party=kenya&list=name,rank,offices,powers%0aX,delegate,,", "when=2030-01-02T10:00", "%zz", "a=b&a=c", "kept=exact&kept=spoke", "in=notes:kenya&text=x", "entry=-1&text=x"} {
		for _, act := range []string{"speak", "accredit-list", "pass-note", "say-in-room", "adjourn-meeting", "correct"} {
			f.Add(act, form)
		}
	}
	s := inSession(f)
	f.Fuzz(func(t *testing.T, act, form string) {
		if strings.ContainsAny(act, "/?#% \x00") || act == "" || act == "." || act == ".." || strings.ContainsFunc(act, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Skip()
		}
		here := *s
		here.t = t
		a := here.request("njeri", "POST", "/talks/lake/acts/"+act, strings.NewReader(form), "application/x-www-form-urlencoded")
		if a.Status >= 500 || a.Body == "" && a.Status != http.StatusSeeOther {
			t.Errorf("%s with %q: %d", act, form, a.Status)
		}
	})
}
