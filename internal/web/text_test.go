package web_test

import (
	"testing"
)

// TestTextPage: the text reads as it was tabled, brackets as brackets.
func TestTextPage(t *testing.T) {
	s := drafted(t)
	p := s.page("njeri", "/talks/lake/text/treaty")
	t.Log(p.text)
	_ = s.page("njeri", "/talks/lake/text/treaty?bracket=b2")
	_ = s.page("njeri", "/talks/lake/text/treaty?clause=c5")
	_ = s.page("njeri", "/talks/lake/text/treaty?as=kenya")
	_ = s.page("njeri", "/talks/lake/text/treaty?history=c5")
	_ = s.page("njeri", "/talks/lake/text/treaty?q=lake")
	_ = s.page("njeri", "/talks/lake/text/treaty?view=figures")
	_ = s.page("njeri", "/talks/lake/text/treaty?view=projector&clause=c5")
	_ = s.page("njeri", "/talks/lake/table/treaty")
}
