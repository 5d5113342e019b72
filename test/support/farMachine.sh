# The first process of a machine of the tests (farMachine.ts), in namespaces of its own: when its standard input ends, so do it and all
# that runs in there. Nothing of this machine's home and /tmp is there but the folder of its sshd.
#
#     sh farMachine.sh <name> <folder> <home of its user> <node> <sshd> [arguments]
set -e
name=$1 folder=$2 home=$3 node=$4
shift 4
echo "$name" > /proc/sys/kernel/hostname
ip link set lo up
mount --bind "$folder" /mnt
mkdir /mnt/home
touch /mnt/node
mount --bind "$node" /mnt/node
mount -t tmpfs tmpfs /tmp
mount --bind /mnt/home "$home"
mkdir -p "$folder"
mount --move /mnt "$folder"
echo ready
read -r device address peer || exit 0
ip address add "$address" peer "$peer" dev "$device"
ip link set "$device" up
"$@" &
# Whoever lost its parent is this one's: it is not to stay as a zombie.
trap '' CHLD
read -r _ || true
