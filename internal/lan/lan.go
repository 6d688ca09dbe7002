// Package lan lets people in a hotel without internet come to the house by
// name, with a lock that their browsers trust.
//
// Passkeys and the browser's cryptography work only on a page with a name and a
// certificate that is trusted; a plain address of numbers will not do. So the
// house makes a certificate authority of its own, which every guest installs
// once, from a QR code or a sheet of paper, after comparing its fingerprint; and
// it answers to its name on the local network (mDNS), which phones and laptops
// ask without any server.
//
// It promises that the authority is good for the one name of the house and
// what lies below it, and for nothing else (its certificate says so, critically):
// whoever installs it gives the house no power over any other site, not even if
// its key is stolen. Certificates for the name are short-lived and replaced
// before they run out. It reads no clock; the caller hands it one.
//
// It keeps two files in the directory it is given and touches no other.
package lan

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// How long certificates are good. Guests' clocks are off by hours, so each
// begins a day before it is made.
const (
	rootLife = 2 * 365 * 24 * time.Hour
	leafLife = 7 * 24 * time.Hour
	renewAt  = 3 * 24 * time.Hour // before a leaf runs out
	early    = 24 * time.Hour
)

// DefaultHost is a name that phones find without anybody setting anything up.
const DefaultHost = "parley.local"

// The files, both PEM.
const (
	rootFile = "lan-root.crt"
	keyFile  = "lan-root.key"
)

// An Authority vouches for the name of one house. Its methods may be called
// from any number of goroutines.
type Authority struct {
	host string
	root *x509.Certificate
	key  *ecdsa.PrivateKey
	now  func() time.Time

	mu   sync.Mutex
	leaf *tls.Certificate // nil before the first; its Leaf is set
}

var hostName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)

// CheckHost refuses names that browsers would bind no passkey to.
func CheckHost(host string) error {
	if _, err := netip.ParseAddr(host); err == nil {
		return fmt.Errorf("%q is an address: passkeys need a name, such as %s", host, DefaultHost)
	}
	if len(host) > 200 || !hostName.MatchString(host) {
		return fmt.Errorf("%q cannot be the name of the house: use lower-case letters, digits and hyphens in at least two parts, such as %s or parley.internal", host, DefaultHost)
	}
	return nil
}

// Open returns the authority in dir for a host, and makes it if there is none.
// It refuses to go on with one that was made for another host or has run out,
// for guests would have to be given a new one: the error says what to do.
func Open(dir, host string, now func() time.Time) (*Authority, error) {
	if err := CheckHost(host); err != nil {
		return nil, err
	}
	a := &Authority{host: host, now: now}
	err := a.read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		err = a.make(dir)
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

func (a *Authority) read(dir string) error {
	again := fmt.Sprintf("move %s and %s away to have new ones made, which every guest must then install", rootFile, keyFile)
	key, err := block(filepath.Join(dir, keyFile), "EC PRIVATE KEY")
	if err != nil {
		return err
	}
	cert, err := block(filepath.Join(dir, rootFile), "CERTIFICATE")
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is a %s and no %s: %s", keyFile, rootFile, again)
	} else if err != nil {
		return err
	}
	if a.key, err = x509.ParseECPrivateKey(key); err != nil {
		return fmt.Errorf("%s cannot be read (%w): %s", keyFile, err, again)
	}
	if a.root, err = x509.ParseCertificate(cert); err != nil {
		return fmt.Errorf("%s cannot be read (%w): %s", rootFile, err, again)
	}
	switch {
	case !a.key.PublicKey.Equal(a.root.PublicKey):
		return fmt.Errorf("%s and %s do not belong together: %s", rootFile, keyFile, again)
	case len(a.root.PermittedDNSDomains) != 1 || a.root.PermittedDNSDomains[0] != a.host:
		return fmt.Errorf("%s is for %s, not for %s: %s", rootFile, strings.Join(a.root.PermittedDNSDomains, ", "), a.host, again)
	case !a.now().Before(a.root.NotAfter.Add(-leafLife)):
		return fmt.Errorf("%s runs out on %s: %s", rootFile, a.root.NotAfter.Format(time.DateOnly), again)
	}
	return nil
}

// block reads a file of one PEM block of that type and nothing else.
func block(path, kind string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	p, rest := pem.Decode(b)
	if p == nil || p.Type != kind || len(strings.TrimSpace(string(rest))) > 0 {
		return nil, fmt.Errorf("%s is not one PEM block %q", filepath.Base(path), kind)
	}
	return p.Bytes, nil
}

func (a *Authority) make(dir string) error {
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return fmt.Errorf("making the house's authority: %w", err)
	}
	serial, err := newSerial()
	if err != nil {
		return err
	}
	name := pkix.Name{CommonName: "Parley at " + a.host, Organization: []string{"Parley: " + a.host + " and nothing else"}}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: name, NotBefore: a.now().Add(-early), NotAfter: a.now().Add(rootLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: []string{a.host},
		ExcludedIPRanges: []*net.IPNet{{IP: net.IPv4zero.To4(), Mask: net.CIDRMask(0, 32)}, {IP: net.IPv6zero, Mask: net.CIDRMask(0, 128)}},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &a.key.PublicKey, a.key)
	if err != nil {
		return fmt.Errorf("making the house's authority: %w", err)
	}
	if a.root, err = x509.ParseCertificate(der); err != nil {
		return fmt.Errorf("making the house's authority: %w", err)
	}
	key, err := x509.MarshalECPrivateKey(a.key)
	if err != nil {
		return fmt.Errorf("making the house's authority: %w", err)
	}
	// The certificate goes first: a key without one is a fault, a certificate
	// without its key is made anew.
	if err := write(filepath.Join(dir, rootFile), 0o644, "CERTIFICATE", der); err != nil {
		return err
	}
	return write(filepath.Join(dir, keyFile), 0o600, "EC PRIVATE KEY", key)
}

// write makes a file whole or not at all.
func write(path string, mode fs.FileMode, kind string, der []byte) error {
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, mode)
	if err != nil {
		return fmt.Errorf("keeping the house's authority: %w", err)
	}
	err = pem.Encode(f, &pem.Block{Type: kind, Bytes: der})
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return fmt.Errorf("keeping the house's authority: %w", err)
	}
	return nil
}

func newSerial() (*big.Int, error) {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("drawing a serial number: %w", err)
	}
	return n.Add(n, big.NewInt(1)), nil
}

// Host is the name of the house.
func (a *Authority) Host() string { return a.host }

// Until is when the authority runs out.
func (a *Authority) Until() time.Time { return a.root.NotAfter }

// Root returns the authority's certificate, as guests install it, in DER.
func (a *Authority) Root() []byte { return a.root.Raw }

// RootPEM returns it in PEM.
func (a *Authority) RootPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.Raw})
}

// Fingerprint is the SHA-256 of the certificate as browsers and telephones show
// it, for guests to compare: 32 pairs of capital hexadecimal digits with colons
// between.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.root.Raw)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")
}

// TLS returns how a server shows itself as the house. It answers to the name
// of the house and to no other.
func (a *Authority) TLS() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if name := strings.TrimSuffix(strings.ToLower(hello.ServerName), "."); name != "" && name != a.host {
				return nil, fmt.Errorf("this house is %s, not %s", a.host, name)
			}
			return a.certificate()
		},
	}
}

// certificate returns the certificate for the house's name, a new one if the
// last is about to run out.
func (a *Authority) certificate() (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	if a.leaf != nil && now.Before(a.leaf.Leaf.NotAfter.Add(-renewAt)) && now.After(a.leaf.Leaf.NotBefore) {
		return a.leaf, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a certificate for %s: %w", a.host, err)
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	end := now.Add(leafLife)
	if end.After(a.root.NotAfter) {
		end = a.root.NotAfter
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: a.host}, DNSNames: []string{a.host},
		NotBefore: now.Add(-early), NotAfter: end,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, a.root, &key.PublicKey, a.key)
	if err != nil {
		return nil, fmt.Errorf("making a certificate for %s: %w", a.host, err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("making a certificate for %s: %w", a.host, err)
	}
	a.leaf = &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
	return a.leaf, nil
}
