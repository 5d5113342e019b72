# The first process of a box where there is perl: sets the box up with the privileges that services do not have, says "open" on
# standard output, and is the box's door from then on (door.pl). What it sets up and why is told in setUp.ts, which does the same
# by a shell, ip(8) and mount(8) where there is no perl. Nothing is executed here: a program costs a node more than all of this.
# For the same reason the relay of the wire (relay.pl) is a fork of this process, once the agent asks for it.
#
#     perl firstProcess.pl <door.pl> <relay.pl> <numbers of sendmsg(2), mount(2), capset(2) and prctl(2) on this machine>
#         <file number of a connection to the emulator, or empty> <table of mounts, or empty>
#         <device> <its owner> <its address> <network> <MTU> <queue> <TCP's congestion control, or empty> <ports of whoever connects, or empty>
package FirstProcess;
use strict;
BEGIN { $^W = 1 }    # as in door.pl

# By number, as Linux has them: linux/if_tun.h, if_link.h, if_addr.h, netlink.h, rtnetlink.h, sockios.h; sys/mount.h.
sub O_RDWR()        { 2 }
sub AF_UNSPEC()     { 0 }
sub AF_INET()       { 2 }
sub AF_INET6()      { 10 }
sub AF_NETLINK()    { 16 }
sub SOCK_RAW()      { 3 }
sub TUNSETIFF()     { 0x400454ca }
sub TUNSETPERSIST() { 0x400454cb }
sub TUNSETOWNER()   { 0x400454cc }
sub SIOCGIFINDEX()  { 0x8933 }
sub IFF_UP()        { 1 }
sub IFF_TUN()       { 0x0001 }
sub IFF_NO_PI()     { 0x1000 }
sub IFLA_MTU()      { 4 }
sub IFLA_TXQLEN()   { 13 }
sub IFA_ADDRESS()   { 1 }
sub IFA_LOCAL()     { 2 }
sub RTA_DST()       { 1 }
sub RTA_OIF()       { 4 }
sub RTA_PREFSRC()   { 7 }
sub RTM_NEWLINK()   { 16 }
sub RTM_NEWADDR()   { 20 }
sub RTM_NEWROUTE()  { 24 }
sub NLM_F_ACKED()   { 0x005 }          # with NLM_F_REQUEST
sub NLM_F_CREATE()  { 0x400 }
sub NLM_F_REPLACE() { 0x100 }
sub RT_TABLE_LOCAL() { 255 }
sub RTPROT_BOOT()   { 3 }
sub TO_ANYBODY()    { (1, 253) }       # RTN_UNICAST, RT_SCOPE_LINK
sub TO_ITSELF()     { (2, 254) }       # RTN_LOCAL, RT_SCOPE_HOST
sub MS_RDONLY()     { 1 }
sub MS_BIND_REC()   { 4_096 | 16_384 }
sub WNOHANG()       { 1 }
sub CAPABILITIES_3() { 0x20080522 }    # of 64 bits: _LINUX_CAPABILITY_VERSION_3
sub PR_SET_PDEATHSIG() { 1 }
sub PR_SET_NAME()   { 15 }
sub SIGKILL()       { 9 }
sub RELAY_ENDED()   { -2 }
sub LAST_WORDS()    { 500 }            # bytes
sub LOOPBACK()      { 1 }              # the index that each network's first interface has

my ($door, $relay, $sendmsg, $mount, $capset, $prctl, $wire_number, $table,
    $device, $owner, $address, $network, $mtu, $queue, $control, $ports) = @ARGV;
# Before mounts cover them.
my ($code_of_door, $code_of_relay) = map { content_of($_) } $door, $relay;
my %ended;    # process id → $? of a child that nobody has asked for yet; of orphans in here this process is the parent
$SIG{CHLD} = sub {
    local ($!, $?);
    while ((my $pid = waitpid(-1, WNOHANG)) > 0) { $ended{$pid} = $? if exists $ended{$pid} }
};
my $wire;
if ($wire_number ne '') { open($wire, '+<&=', 0 + $wire_number) or die "wire: $!\n" }

set('ipv6/conf/default/disable_ipv6', 1);
set('ipv4/tcp_ecn', 0);
socket(my $netlink, AF_NETLINK, SOCK_RAW, 0) or die "netlink: $!\n";
set_link(LOOPBACK) && add_route(AF_INET, LOOPBACK, TO_ITSELF, '', 0) or die "loopback: $!\n";
add_route(AF_INET6, LOOPBACK, TO_ITSELF, '', 0);    # where IPv6 is not switched off
my $unwired = why_unwired();
if ($control ne '') { set('ipv4/tcp_congestion_control', $control) or $unwired = "TCP has no congestion control $control here" }
set('ipv4/ip_unprivileged_port_start', 0);
set('ipv4/ip_local_port_range', $ports) if $ports ne '';
make_mounts() if $table ne '';
close($wire) if defined $wire && $unwired ne '';

syswrite(STDOUT, "open $unwired\n");
open(STDIN, '<', '/dev/null') && open(STDOUT, '>', '/dev/null') or die "/dev/null: $!\n";
@ARGV = ($sendmsg);
run('main', $door, $code_of_door);

# Does not come back.
sub run {
    my ($package, $file, $code) = @_;
    eval qq(package $package;\n#line 1 "$file"\n$code);
    die $@;
}

sub content_of {
    my ($file) = @_;
    open(my $opened, '<', $file) or die "$file: $!\n";
    local $/;
    return <$opened>;
}

# False where this machine's kernel has no such setting, or no such value for it.
sub set {
    my ($setting, $value) = @_;
    open(my $opened, '>', "/proc/sys/net/$setting") or return 0;
    return syswrite($opened, $value);
}

# Empty, or what kept the device from being there, as ip(8) says it.
sub why_unwired {
    sysopen(my $tun, '/dev/net/tun', O_RDWR) or return "open: $!";
    my $request = pack('a16 s x22', $device, IFF_TUN | IFF_NO_PI);
    ioctl($tun, TUNSETIFF, $request) && ioctl($tun, TUNSETOWNER, 0 + $owner) && ioctl($tun, TUNSETPERSIST, 1)
        or return "ioctl: $!";
    ioctl($netlink, SIOCGIFINDEX, $request) or return "$device: $!";
    my $index = unpack('x16 i', $request);
    my $own = packed($address);
    my ($base, $bits) = split m(/), $network;
    return add_address($index, $own, $bits)
        && set_link($index, attribute(IFLA_MTU, pack 'L', $mtu), attribute(IFLA_TXQLEN, pack 'L', $queue))
        && add_route(AF_INET, $index, TO_ANYBODY, packed($base), $bits, attribute(RTA_PREFSRC, $own))
        ? '' : "$device: $!";
}

sub packed { my ($dotted) = @_; return pack('C4', split /\./, $dotted) }

sub set_link {
    my ($index, @more) = @_;
    return ask(RTM_NEWLINK, 0, pack('C x3 i L L', AF_UNSPEC, $index, IFF_UP, IFF_UP), @more);
}

sub add_address {
    my ($index, $own, $bits) = @_;
    my $message = pack('C C x2 i', AF_INET, $bits, $index);
    return ask(RTM_NEWADDR, NLM_F_CREATE, $message, attribute(IFA_LOCAL, $own), attribute(IFA_ADDRESS, $own));
}

# In the table that is asked before all others.
sub add_route {
    my ($family, $index, $type, $scope, $to, $bits, @more) = @_;
    my $message = pack('C C x2 C4 x4', $family, $bits, RT_TABLE_LOCAL, RTPROT_BOOT, $scope, $type);
    my @to = $bits == 0 ? () : attribute(RTA_DST, $to);
    return ask(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, $message, @to, attribute(RTA_OIF, pack 'i', $index), @more);
}

# Values of 4 bytes alone, which need no padding.
sub attribute { my ($type, $value) = @_; return pack('S S', 4 + length $value, $type) . $value }

# Whether the kernel did it (netlink(7)); else $! says why not.
sub ask {
    my ($type, $flags, @parts) = @_;
    my $body = join('', @parts);
    syswrite($netlink, pack('L S S L L', 16 + length $body, $type, NLM_F_ACKED | $flags, 0, 0) . $body) or return 0;
    sysread($netlink, my $answer, 4_096) or return 0;
    $! = -unpack('x16 l', $answer);
    return $! == 0;
}

# Fields as fstab(5) has them.
sub make_mounts {
    for my $line (split /\n/, content_of($table)) {
        my ($source, $place, $type, $options) = map { s/\\(\d{3})/chr oct $1/ger } split / /, $line;
        my $is_bind = $options eq 'rbind';
        my $data = $options =~ s/^ro,//r;
        my $failed = $is_bind
            ? syscall($mount, $source, $place, 0, MS_BIND_REC, 0)
            : syscall($mount, $source, $place, $type, MS_RDONLY, $data);
        die "mount: $place: $!\n" if $failed;
    }
}

# The agent is told when it is up, and when it has ended: with its code, its signal and its last words.
sub start_relay {
    my ($id) = @_;
    pipe(my $words, my $its) or return main::answer($id, "pipe: $!");
    my $when_one_ends = $SIG{CHLD};
    $SIG{CHLD} = 'DEFAULT';    # until it is known by its id
    my $pid = fork // return main::answer($id, "fork: $!");
    if ($pid == 0) { close($words); be_relay($its) }
    $ended{$pid} = undef;
    $SIG{CHLD} = $when_one_ends;
    close($_) for $its, $wire;
    my ($said, $is_up) = ('', 0);
    main::read_from($words, sub {
        my $read = sysread($words, $said, 4_096, length $said);
        if ($read) {
            if (!$is_up && $said =~ s/^up (\S*)\n//) { $is_up = 1; main::say_to_agent(qq({"id":$id,"said":"$1"}\n)) }
            $said = substr($said, -LAST_WORDS) if length $said > LAST_WORDS;
            return 1;
        }
        waitpid($pid, 0) > 0 and $ended{$pid} = $?;
        my ($code, $signal) = ($ended{$pid} >> 8, $ended{$pid} & 127);
        $said =~ s/[^ -!#-\[\]-~]/ /g;    # as JSON has it
        my $of = $is_up ? RELAY_ENDED : $id;
        main::say_to_agent(qq({"id":$of,"error":"","ended":{"code":$code,"signal":$signal,"said":"$said"}}\n));
        return 0;
    });
}

# Without privileges of the box, and not without the door.
sub be_relay {
    my ($its) = @_;
    main::close_all();
    open(STDIN, '+<&', $wire) && open(STDOUT, '>&', $its) && open(STDERR, '>&', $its) or exit 1;
    close($_) for $wire, $its, $netlink;
    my ($version, $none, $name) = (pack('L l', CAPABILITIES_3, 0), "\0" x 24, 'relay');
    syscall($prctl, PR_SET_PDEATHSIG, SIGKILL) == 0 && syscall($capset, $version, $none) == 0 or fail("relay: $!");
    syscall($prctl, PR_SET_NAME, $name);
    @ARGV = ($device);
    eval { run('Relay', $relay, $code_of_relay) };
    fail($@);
}

sub fail { syswrite(STDERR, $_[0]); exit 1 }
