# The wire of a node: carries IP packets between the TUN device of a box and the network emulator, and nothing else.
# Runs inside the box. Standard input is a connection to the emulator that was opened outside, since a socket stays in
# the network it was opened in; to the emulator it carries packets as u32 LE length + packet, from it as u16 LE
# length + u16 of which nothing is read here + packet (wire/packets.ts). A length of 0, sent once, says that the device is up, as does "up" on standard output, with the congestion control that TCP has in here. When the connection ends, so does this program, and nothing takes the device's packets any more: a box fails closed.
#
#     perl relay.pl <device, made and brought up already>
#
# perl, since nearly every Linux has perl-base, and Node.js cannot wait on a character device without a thread a read.
use strict;
BEGIN { $^W = 1 }    # warns as warnings.pm does; that file, constant, Errno and Fcntl take longer to load than all else here

# By number, as Linux has them (asm-generic/fcntl.h, asm-generic/errno-base.h, linux/if_tun.h).
sub O_RDWR()      { 2 }
sub O_NONBLOCK()  { 2_048 }
sub EINTR()       { 4 }
sub EAGAIN()      { 11 }
sub TUNSETIFF()   { 0x400454ca }
sub IFF_TUN()     { 0x0001 }
sub IFF_NO_PI()   { 0x1000 }     # no header of four bytes before each packet
sub MAX_PACKET()  { 65_535 }
sub TURN()        { 64 }         # packets of one turn: neither direction starves the other
sub READ()        { 262_144 }
sub MAX_WAITING() { 4_194_304 }  # bytes the emulator has not taken; above that, the device's queue fills

my ($device) = @ARGV;
open(my $wire, '+<&=', 0) or die "standard input: $!\n";
sysopen(my $tun, '/dev/net/tun', O_RDWR | O_NONBLOCK) or die "/dev/net/tun: $!\n";
ioctl($tun, TUNSETIFF, pack('a16 s x22', $device, IFF_TUN | IFF_NO_PI)) or die "$device: $!\n";
syswrite(STDOUT, 'up ' . congestion_control() . "\n");
close(STDOUT);

my $waiting = pack('V', 0);                 # for the emulator
my $coming  = '';                           # of the emulator, until a packet is whole
my ($wire_no, $tun_no) = (fileno($wire), fileno($tun));

while (1) {
    my ($readable, $writable) = ('', '');
    vec($readable, $wire_no, 1) = 1;
    vec($readable, $tun_no,  1) = 1 if length($waiting) < MAX_WAITING;
    vec($writable, $wire_no, 1) = 1 if length($waiting);
    my $ready = select($readable, $writable, undef, undef);
    if ($ready < 0) { next if $! == EINTR; die "select: $!\n" }
    take_from_device()   if vec($readable, $tun_no,  1);
    write_to_emulator()  if length($waiting);
    take_from_emulator() if vec($readable, $wire_no, 1);
}

sub congestion_control {
    open(my $setting, '<', '/proc/sys/net/ipv4/tcp_congestion_control') or return '';
    my $name = <$setting> // '';
    chomp($name);
    return $name;
}

sub take_from_device {
    for (1 .. TURN) {
        my $length = sysread($tun, my $packet, MAX_PACKET);
        if (!defined $length) { return if $! == EAGAIN || $! == EINTR; die "$device: $!\n" }
        $waiting .= pack('V', $length) . $packet;
    }
}

sub write_to_emulator {
    my $written = syswrite($wire, $waiting);
    if (!defined $written) { return if $! == EAGAIN || $! == EINTR; exit 0 }
    substr($waiting, 0, $written, '');
}

sub take_from_emulator {
    my $read = sysread($wire, $coming, READ, length($coming));
    if (!defined $read) { return if $! == EAGAIN || $! == EINTR; exit 0 }
    exit 0 if $read == 0;
    my ($at, $end) = (0, length($coming));
    while ($end - $at >= 4) {
        my $length = unpack('v', substr($coming, $at, 2));
        last if $end - $at - 4 < $length;
        # A full queue of the device is the box's own: the kernel counts what it drops there.
        syswrite($tun, substr($coming, $at + 4, $length));
        $at += 4 + $length;
    }
    substr($coming, 0, $at, '');
}
