package api

import (
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/internal/access"
	"parley/internal/memory"
	"parley/internal/phrasebook"
)

// A body that does not come in is refused, and holds nobody up.
func TestASlowBodyIsRefused(t *testing.T) {
	a := New(House{Book: phrasebook.MustOpen(), Door: &access.Door{Store: new(memory.Access), Now: time.Now}})
	a.patience = 50 * time.Millisecond
	server := httptest.NewServer(a)
	defer server.Close()
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "POST /api/talks/lake/acts/speak HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{\"text\":")
	answer, err := io.ReadAll(c)
	if !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") || !strings.Contains(string(answer), "too slowly") {
		t.Errorf("%q, %v", answer, err)
	}
}
