package lan

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"image"
	"image/color"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/pion/mdns/v2"
	"golang.org/x/net/ipv4"
)

// A clock that the test turns.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

func morning() *clock { return &clock{time.Date(2030, 5, 16, 9, 0, 0, 0, time.UTC)} }

func open(t *testing.T, dir, host string, c *clock) *Authority {
	t.Helper()
	a, err := Open(dir, host, c.now)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func trusting(t *testing.T, a *Authority) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(a.RootPEM()) {
		t.Fatal("the root is no PEM")
	}
	return pool
}

func verify(leaf *x509.Certificate, a *Authority, pool *x509.CertPool, name string, at time.Time) error {
	_, err := leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: name, CurrentTime: at})
	return err
}

func TestAGuestWhoTrustsTheRootTrustsTheHouse(t *testing.T) {
	c := morning()
	a := open(t, t.TempDir(), "parley.internal", c)
	leaf, err := a.certificate()
	must(t, err)
	pool := trusting(t, a)
	for _, at := range []time.Duration{0, -20 * time.Hour, 6 * 24 * time.Hour} { // guests' clocks
		if err := verify(leaf.Leaf, a, pool, "parley.internal", c.Add(at)); err != nil {
			t.Errorf("by a clock that is %v off: %v", at, err)
		}
	}
	if verify(leaf.Leaf, a, pool, "mallory.internal", c.Time) == nil {
		t.Error("it is good for another name")
	}
	if !regexp.MustCompile(`^([0-9A-F]{2}:){31}[0-9A-F]{2}$`).MatchString(a.Fingerprint()) {
		t.Errorf("the fingerprint is %q", a.Fingerprint())
	}
}

// Even with the authority's key, Mallory can pass for no other site.
func TestAStolenAuthorityIsGoodForNothingElse(t *testing.T) {
	c := morning()
	a := open(t, t.TempDir(), "parley.internal", c)
	pool := trusting(t, a)
	forge := func(change func(*x509.Certificate)) *x509.Certificate {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		must(t, err)
		serial, err := newSerial()
		must(t, err)
		template := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: "forged"}, NotBefore: c.Time, NotAfter: c.Add(time.Hour)}
		change(template)
		der, err := x509.CreateCertificate(rand.Reader, template, a.root, &key.PublicKey, a.key)
		must(t, err)
		leaf, err := x509.ParseCertificate(der)
		must(t, err)
		return leaf
	}
	for _, name := range []string{"bank.example", "internal", "xparley.internal", "parley.internal.mallory.test"} {
		if verify(forge(func(x *x509.Certificate) { x.DNSNames = []string{name} }), a, pool, name, c.Time) == nil {
			t.Errorf("it vouches for %s", name)
		}
	}
	for _, ip := range []string{"192.168.1.7", "8.8.8.8", "::1"} {
		if verify(forge(func(x *x509.Certificate) { x.IPAddresses = []net.IP{net.ParseIP(ip)} }), a, pool, ip, c.Time) == nil {
			t.Errorf("it vouches for %s", ip)
		}
	}
	if err := verify(forge(func(x *x509.Certificate) { x.DNSNames = []string{"parley.internal"} }), a, pool, "parley.internal", c.Time); err != nil {
		t.Errorf("what the test forges would not be good anyway: %v", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	sign := func(template, parent *x509.Certificate, by *ecdsa.PrivateKey) *x509.Certificate {
		template.SerialNumber, template.NotBefore, template.NotAfter = big.NewInt(7), c.Time, c.Add(time.Hour)
		der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, by)
		must(t, err)
		x, err := x509.ParseCertificate(der)
		must(t, err)
		return x
	}
	below := sign(&x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, Subject: pkix.Name{CommonName: "below"}}, a.root, a.key)
	leaf := sign(&x509.Certificate{DNSNames: []string{"parley.internal"}}, below, key)
	between := x509.NewCertPool()
	between.AddCert(below)
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: pool, Intermediates: between, DNSName: "parley.internal", CurrentTime: c.Time}); err == nil {
		t.Error("there is an authority below it")
	}
}

func TestCertificatesAreReplacedBeforeTheyRunOut(t *testing.T) {
	c := morning()
	dir := t.TempDir()
	a := open(t, dir, "parley.internal", c)
	pool := trusting(t, a)
	var last *tls.Certificate
	changes := 0
	for range 60 { // days
		leaf, err := a.certificate()
		must(t, err)
		if err := verify(leaf.Leaf, a, pool, "parley.internal", c.Add(renewAt-time.Hour)); err != nil {
			t.Fatalf("on %v: %v", c.Time, err)
		}
		if leaf != last {
			last, changes = leaf, changes+1
		}
		c.Time = c.Add(24 * time.Hour)
	}
	if changes != 15 {
		t.Errorf("there were %d certificates in 60 days", changes)
	}
	again := open(t, dir, "parley.internal", c)
	if !bytes.Equal(again.Root(), a.Root()) {
		t.Error("opened again, the house has another root")
	}
	c.Time = a.Until().Add(-leafLife - time.Hour)
	open(t, dir, "parley.internal", c)
}

func TestAnAuthorityThatIsNoGood(t *testing.T) {
	c := morning()
	for _, x := range []struct {
		name, why string
		spoil     func(dir string)
		host      string
	}{
		{"of another host", "is for parley.internal, not for other.internal", func(string) {}, "other.internal"},
		{"run out", "runs out on", func(string) { c.Time = c.Add(rootLife) }, "parley.internal"},
		{"without its certificate", "there is a lan-root.key and no lan-root.crt", func(d string) { os.Remove(filepath.Join(d, rootFile)) }, "parley.internal"},
		{"with another's key", "do not belong together", func(d string) {
			other := filepath.Join(d, "other")
			must(t, os.Mkdir(other, 0o700))
			open(t, other, "parley.internal", c)
			must(t, os.Rename(filepath.Join(other, keyFile), filepath.Join(d, keyFile)))
		}, "parley.internal"},
		{"cut", "is not one PEM block", func(d string) { must(t, os.Truncate(filepath.Join(d, rootFile), 90)) }, "parley.internal"},
		{"with something behind it", "is not one PEM block", func(d string) {
			b, err := os.ReadFile(filepath.Join(d, rootFile))
			must(t, err)
			must(t, os.WriteFile(filepath.Join(d, rootFile), append(b, b...), 0o600))
		}, "parley.internal"},
	} {
		c = morning()
		dir := t.TempDir()
		open(t, dir, "parley.internal", c)
		x.spoil(dir)
		if _, err := Open(dir, x.host, c.now); err == nil || !strings.Contains(err.Error(), x.why) {
			t.Errorf("%s: %v, want %q", x.name, err, x.why)
		}
	}
	dir := t.TempDir()
	open(t, dir, "parley.internal", morning())
	if info, err := os.Stat(filepath.Join(dir, keyFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key can be read by others: %v, %v", info.Mode(), err)
	}
}

func TestNames(t *testing.T) {
	for _, host := range []string{"parley.local", "parley.internal", "talks.mediation.example"} {
		if err := CheckHost(host); err != nil {
			t.Error(err)
		}
	}
	for _, host := range []string{"", "parley", "192.168.1.7", "::1", "Parley.local", "parley..local", "-a.local", "a b.local", "parley.local.", "parley.7", strings.Repeat("a.", 120) + "local"} {
		if CheckHost(host) == nil {
			t.Errorf("%q is taken", host)
		}
	}
}

func TestAServerIsTheHouseAndNoOther(t *testing.T) {
	c := &clock{time.Now()}
	a := open(t, t.TempDir(), "parley.internal", c)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") }))
	s.TLS = a.TLS()
	s.StartTLS()
	t.Cleanup(s.Close)
	if _, err := s.TLS.GetCertificate(&tls.ClientHelloInfo{ServerName: "mallory.internal"}); err == nil {
		t.Error("it shows itself under another name")
	}
	for host, good := range map[string]bool{"parley.internal": true, "mallory.internal": false} {
		client := &http.Client{Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: trusting(t, a)},
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, s.Listener.Addr().String())
			},
		}}
		if _, err := client.Get("https://" + host + "/"); (err == nil) != good {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestWhatAnswersWithoutTLS(t *testing.T) {
	a := open(t, t.TempDir(), "parley.internal", morning())
	plain := a.Plain(8443)
	w := httptest.NewRecorder()
	plain.ServeHTTP(w, httptest.NewRequest("GET", RootPath, nil))
	if w.Header().Get("Content-Type") != "application/x-x509-ca-cert" || !bytes.Equal(w.Body.Bytes(), a.Root()) {
		t.Errorf("the root: %v", w.Header())
	}
	w = httptest.NewRecorder()
	plain.ServeHTTP(w, httptest.NewRequest("GET", "/in/secret", nil))
	if w.Code != http.StatusTemporaryRedirect || w.Header().Get("Location") != "https://parley.internal:8443/" {
		t.Errorf("anything else: %d, %v", w.Code, w.Header())
	}
	w = httptest.NewRecorder()
	plain.ServeHTTP(w, httptest.NewRequest("POST", "/sign-in", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("something sent without TLS: %d", w.Code)
	}
}

// scan reads a code off a picture, as a telephone does.
func scan(t *testing.T, picture image.Image) string {
	t.Helper()
	b, err := gozxing.NewBinaryBitmapFromImage(picture)
	must(t, err)
	// The reader looks for three corners as in a photograph, and for a few of the
	// large codes (each run draws a root of its own) fixes on the wrong ones. It
	// is then told that the picture is nothing but the code, as it is.
	r, err := qrcode.NewQRCodeReader().Decode(b, nil)
	if err != nil {
		r, err = qrcode.NewQRCodeReader().Decode(b, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	}
	if err != nil {
		t.Fatalf("it does not scan: %v", err)
	}
	return r.GetText()
}

// fromTerminal makes a picture of what a terminal would show.
func fromTerminal(text string) image.Image {
	text = regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(text, "")
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	const scale = 4
	p := image.NewGray(image.Rect(0, 0, len([]rune(lines[0]))*scale, len(lines)*2*scale))
	for i := range p.Pix {
		p.Pix[i] = 255
	}
	for y, line := range lines {
		for x, r := range []rune(line) {
			for half, dark := range []bool{r == '▀' || r == '█', r == '▄' || r == '█'} {
				for i := range scale * scale {
					if dark {
						p.SetGray(x*scale+i%scale, (2*y+half)*scale+i/scale, color.Gray{})
					}
				}
			}
		}
	}
	return p
}

// fromSVG makes a picture of the one path that a code's SVG has.
func fromSVG(t *testing.T, svg string) image.Image {
	t.Helper()
	side, err := strconv.Atoi(regexp.MustCompile(`width="(\d+)"`).FindStringSubmatch(svg)[1])
	must(t, err)
	const scale = 4
	p := image.NewGray(image.Rect(0, 0, side*scale, side*scale))
	for i := range p.Pix {
		p.Pix[i] = 255
	}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(svg, -1) {
		n := [5]int{}
		for i, s := range m[1:] {
			n[i], err = strconv.Atoi(s)
			must(t, err)
		}
		for y := range scale {
			for x := range n[2] * scale {
				p.SetGray((n[0]+quiet)*scale+x, (n[1]+quiet)*scale+y, color.Gray{})
			}
		}
	}
	return p
}

func TestTheSheetScans(t *testing.T) {
	a := open(t, t.TempDir(), "parley.internal", morning())
	s, err := a.Sheet(net.ParseIP("192.168.1.7"), 8443, 8080)
	must(t, err)
	for name, c := range map[string]struct {
		code Code
		text string
	}{
		"the house":           {s.AddressCode, "https://parley.internal:8443"},
		"the root's address":  {s.RootCode, "http://192.168.1.7:8080/root.crt"},
		"the root, off paper": {s.PaperCode, string(a.RootPEM())},
	} {
		if got := scan(t, fromTerminal(c.code.Terminal())); got != c.text {
			t.Errorf("%s, on a terminal: %q", name, got)
		}
		if got := scan(t, fromSVG(t, c.code.SVG("x"))); got != c.text {
			t.Errorf("%s, on paper: %q", name, got)
		}
		t.Logf("%s: %d modules wide for %d bytes", name, c.code.size, len(c.text))
	}
	p, _ := pem.Decode([]byte(scan(t, fromTerminal(s.PaperCode.Terminal()))))
	if p == nil || !bytes.Equal(p.Bytes, a.Root()) {
		t.Error("what is scanned off paper is not the root")
	}
	if strings.Contains(s.AddressCode.SVG(`<script>"&`), "<script>") {
		t.Error("the title is not escaped")
	}
	if _, err := Encode(strings.Repeat("x", 5000)); err == nil {
		t.Error("5,000 bytes fit")
	}
	usual, err := a.Sheet(net.ParseIP("192.168.1.7"), 443, 80)
	must(t, err)
	if usual.Address != "https://parley.internal" || usual.Root != "http://192.168.1.7/root.crt" {
		t.Errorf("at the usual ports: %s and %s", usual.Address, usual.Root)
	}
}

func TestTheHouseAnswersToItsName(t *testing.T) {
	a := open(t, t.TempDir(), "parley-test.local", morning())
	stop, err := a.Answer(net.IPv4(192, 168, 77, 7))
	if err != nil {
		t.Skipf("SKIPPED: this machine has no multicast: %v", err)
	}
	defer stop()
	group, err := net.ResolveUDPAddr("udp4", mdns.DefaultAddressIPv4)
	must(t, err)
	conn, err := net.ListenUDP("udp4", group)
	must(t, err)
	guest, err := mdns.NewServer(ipv4.NewPacketConn(conn), nil, mdns.WithIncludeLoopback(true), mdns.WithQueryInterval(100*time.Millisecond))
	must(t, err)
	defer guest.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, found, err := guest.QueryAddr(ctx, "parley-test.local")
	if err != nil || found != netip.MustParseAddr("192.168.77.7") {
		t.Errorf("a guest finds %v, %v", found, err)
	}
	other := open(t, t.TempDir(), "parley.internal", morning())
	if _, err := other.Answer(net.IPv4(192, 168, 77, 7)); err == nil || !strings.Contains(err.Error(), "router") {
		t.Errorf("a name that is not asked for: %v", err)
	}
}

// In a browser that trusts the root, a passkey can be made at the house's name,
// with no internet; in one that does not, the page is not even shown.
func TestAPasskeyInTheHotel(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("SKIPPED: there is no chromium on this machine, so no browser has come to the hotel")
	}
	certutil, err := exec.LookPath("certutil")
	if err != nil {
		t.Skip("SKIPPED: there is no certutil on this machine (Debian: libnss3-tools), so no browser could be told to trust the root")
	}
	a := open(t, t.TempDir(), "parley.internal", &clock{time.Now()})
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!doctype html><title>The house</title>")
	}))
	s.TLS = a.TLS()
	s.StartTLS()
	t.Cleanup(s.Close)
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	must(t, err)

	for _, trusts := range []bool{true, false} {
		home := t.TempDir()
		if trusts {
			db := filepath.Join(home, ".pki", "nssdb")
			must(t, os.MkdirAll(db, 0o700))
			file := filepath.Join(home, "root.crt")
			must(t, os.WriteFile(file, a.RootPEM(), 0o600))
			for _, args := range [][]string{{"-N", "--empty-password", "-d", "sql:" + db}, {"-A", "-d", "sql:" + db, "-t", "C,,", "-n", "parley", "-i", file}} {
				if out, err := exec.Command(certutil, args...).CombinedOutput(); err != nil {
					t.Fatalf("certutil %v: %v\n%s", args, err, out)
				}
			}
		}
		ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium),
			chromedp.Env("HOME="+home), chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-background-networking", true),
			chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true),
			chromedp.Flag("host-resolver-rules", "MAP parley.internal 127.0.0.1"))...)
		defer cancel()
		ctx, cancel = chromedp.NewContext(ctx)
		defer cancel()
		ctx, cancel = context.WithTimeout(ctx, time.Minute)
		defer cancel()
		_, err = chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{})
		must(t, err)
		_, err = chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: "ctap2", Ctap2version: "ctap2_1", Transport: "internal", HasResidentKey: true, HasUserVerification: true,
			IsUserVerified: true, AutomaticPresenceSimulation: true}})
		must(t, err)
		err = chromedp.Do(ctx, chromedp.Navigate("https://parley.internal:"+port+"/"))
		if !trusts {
			if err == nil || !strings.Contains(err.Error(), "ERR_CERT_AUTHORITY_INVALID") {
				t.Errorf("a browser that does not trust the root: %v", err)
			}
			continue
		}
		must(t, err)
		said, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(async () => {
			const c = await navigator.credentials.create({ publicKey: {
				challenge: new Uint8Array(32), rp: { id: "parley.internal", name: "x" }, user: { id: new Uint8Array(8), name: "n", displayName: "n" },
				pubKeyCredParams: [{ type: "public-key", alg: -7 }], authenticatorSelection: { residentKey: "required", userVerification: "required" } } });
			return isSecureContext + " " + c.type + " " + !!crypto.subtle;
		})()`, chromedp.EvalAwaitPromise))
		if err != nil || said != "true public-key true" {
			t.Errorf("a browser that trusts it: %q, %v", said, err)
		}
	}
}

func ExampleCheckHost() {
	fmt.Println(CheckHost("192.168.1.7"))
	// Output: "192.168.1.7" is an address: passkeys need a name, such as parley.local
}
