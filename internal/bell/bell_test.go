package bell

import "testing"

func TestBell(t *testing.T) {
	var b Bell
	ring, stop := b.Listen("lake/joint", "lake/public")
	b.Ring("lake/joint")
	b.Ring("lake/public") // unheard yet: the two rings become one
	<-ring
	select {
	case <-ring:
		t.Error("one listener heard the same ring twice")
	default:
	}
	b.Ring("hill/joint")
	select {
	case <-ring:
		t.Error("the bell of another record was heard")
	default:
	}
	stop()
	b.Ring("lake/joint")
	select {
	case <-ring:
		t.Error("rang after the listener had left")
	default:
	}
	if left := b.Records(); len(left) != 0 {
		t.Errorf("listeners are kept after they left: %v", left)
	}
}
