package lan

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
)

// A Sheet is what one page of paper at the door says: what to install, what to
// compare, and where to go then.
type Sheet struct {
	Host        string
	Address     string // of the house: "https://parley.local:8443"
	Root        string // where the root can be had without trusting anything yet: "http://192.168.1.7:8080/root.crt"
	Fingerprint string // to be compared with what the telephone shows before it is told to trust
	Until       string // the day on which the root runs out, as 2006-01-02
	AddressCode Code
	RootCode    Code // of the address of the root
	PaperCode   Code // of the root itself, in PEM, for those who would rather not fetch it
}

// RootPath is where [Authority.Plain] hands out the root.
const RootPath = "/root.crt"

// Sheet puts the page together for a house that listens at these ports and can
// be reached at an address of the local network.
func (a *Authority) Sheet(address net.IP, tlsPort, plainPort int) (Sheet, error) {
	s := Sheet{Host: a.host, Address: a.address(tlsPort), Fingerprint: a.Fingerprint(), Until: a.Until().UTC().Format("2006-01-02"),
		Root: "http://" + withPort(address.String(), plainPort, 80) + RootPath}
	for code, text := range map[*Code]string{&s.AddressCode: s.Address, &s.RootCode: s.Root, &s.PaperCode: string(a.RootPEM())} {
		var err error
		if *code, err = Encode(text); err != nil {
			return Sheet{}, err
		}
	}
	return s, nil
}

func (a *Authority) address(port int) string { return "https://" + withPort(a.host, port, 443) }

func withPort(host string, port, usual int) string {
	if port != usual {
		return net.JoinHostPort(host, strconv.Itoa(port))
	}
	if net.ParseIP(host).To4() == nil && net.ParseIP(host) != nil {
		return "[" + host + "]"
	}
	return host
}

// Plain is what answers without TLS: the root, for those who have yet to
// install it, and otherwise the way to the house. What is fetched so could have
// been exchanged on the way, which is why the sheet has the fingerprint.
func (a *Authority) Plain(tlsPort int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+RootPath, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x-x509-ca-cert")
		w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", a.host+".crt"))
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(a.Root())
	})
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		// The path is not taken along: a link that was typed without its s
		// would send its token in the clear a second time.
		http.Redirect(w, r, a.address(tlsPort)+"/", http.StatusTemporaryRedirect)
	})
	return mux
}
