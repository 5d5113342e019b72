# A way between this network and another one that takes its time: what goes into one of two TUN devices comes out of the other so much
# later, in order, at any rate. It says the names of both devices; whoever started it gives the second one to the other network.
# SIGUSR1: from now on everything is lost on it, and neither end is told. Ends with its standard input, and its devices with it.
#
#     perl farWay.pl <ms each way>
use strict;
use warnings;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

# By number, as Linux has them (asm-generic/fcntl.h, linux/if_tun.h).
sub O_RDWR()      { 2 }
sub O_NONBLOCK()  { 2_048 }
sub TUNSETIFF()   { 0x400454ca }
sub IFF_TUN()     { 0x0001 }
sub IFF_NO_PI()   { 0x1000 }    # no header of four bytes before each packet
sub MAX_PACKET()  { 65_535 }

my $delay  = $ARGV[0] / 1_000;
my $is_cut = 0;
$SIG{USR1} = sub { $is_cut = 1 };

# The kernel puts a number in the place of %d.
my ($here, $here_name)   = open_device('msh%d');
my ($there, $there_name) = open_device('mst%d');
$| = 1;
print "$here_name $there_name\n";

my @ways = ({ from => $here, to => $there, waiting => [] }, { from => $there, to => $here, waiting => [] });
while (1) {
    my $readable = '';
    vec($readable, 0, 1) = 1;
    vec($readable, fileno($_->{from}), 1) = 1 for @ways;
    my ($next) = sort { $a <=> $b } map { @{ $_->{waiting} } ? $_->{waiting}[0][0] : () } @ways;
    my $wait = defined $next ? $next - now() : undef;
    $wait = 0 if defined $wait && $wait < 0;
    my $ready = select($readable, undef, undef, $wait);
    $readable = '' if $ready < 0;
    exit 0 if vec($readable, 0, 1) && !sysread(STDIN, my $said, 1);
    for my $way (@ways) {
        take($way) if vec($readable, fileno($way->{from}), 1);
        give($way);
    }
}

sub open_device {
    my ($name) = @_;
    sysopen(my $device, '/dev/net/tun', O_RDWR | O_NONBLOCK) or die "/dev/net/tun: $!\n";
    my $request = pack('a16 s x22', $name, IFF_TUN | IFF_NO_PI);
    ioctl($device, TUNSETIFF, $request) or die "$name: $!\n";
    return ($device, unpack('Z16', $request));
}

sub now { return clock_gettime(CLOCK_MONOTONIC) }

sub take {
    my ($way) = @_;
    while (sysread($way->{from}, my $packet, MAX_PACKET)) {
        push @{ $way->{waiting} }, [now() + $delay, $packet] unless $is_cut;
    }
}

sub give {
    my ($way) = @_;
    my $waiting = $way->{waiting};
    @$waiting = () if $is_cut;
    # A full queue loses it, as on any way.
    syswrite($way->{to}, (shift @$waiting)->[1]) while @$waiting && $waiting->[0][0] <= now();
}
