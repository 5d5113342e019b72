import type { VNode } from 'preact';
import { REAL_NODES } from '../../../src/model/paramLimits.ts';
import { holdsUp, keepsPackets } from '../../state/nextRun.ts';
import { parameters, setParams } from '../../state/parameters.ts';
import type { StudioState } from '../../state/studioState.ts';
import { RangeSlider } from '../../ui/RangeSlider.tsx';
import { Slider } from '../../ui/Slider.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { AccessFields } from './AccessFields.tsx';
import { ChaosFields } from './ChaosFields.tsx';
import { DriftFields } from './DriftFields.tsx';
import { HostFields } from './HostFields.tsx';
import { JudgementFields } from './JudgementFields.tsx';
import { PlacementFields } from './PlacementFields.tsx';
import { SeedField } from './SeedField.tsx';
import { TopologyField } from './TopologyField.tsx';
import { UpgradeFields } from './UpgradeFields.tsx';

/** What sliders go to; JSON may ask for more, and the slider then reaches as far. */
const LATENCY_SLIDER_MS = 500;
const LATENCY_STEP_MS = 5;
const LOSS_SLIDER_PERCENT = 30;

export function ParameterForm({ state }: { readonly state: StudioState }): VNode {
  const { nodes, latencyMs, packetLoss, verifySignatures } = parameters.value.params;
  return (
    <div class="form">
      <UpgradeFields state={state} />
      <Slider
        label="Nodes"
        shown={`${nodes}`}
        value={nodes}
        {...REAL_NODES}
        onChange={(next) => {
          setParams({ nodes: next });
        }}
      />
      <RangeSlider
        label="Latency"
        unit="ms"
        value={latencyMs}
        min={0}
        max={Math.max(LATENCY_SLIDER_MS, latencyMs[1])}
        step={LATENCY_STEP_MS}
        onChange={(range) => {
          setParams({ latencyMs: range });
        }}
      />
      <div class="pair">
        <Slider
          label="Packet loss"
          shown={`${packetLoss} %`}
          value={packetLoss}
          min={0}
          max={Math.max(LOSS_SLIDER_PERCENT, packetLoss)}
          onChange={(loss) => {
            setParams({ packetLoss: loss });
          }}
        />
        <SeedField />
      </div>
      <Switch
        label="Verify signatures at every hop"
        isOn={verifySignatures}
        onChange={(isOn) => {
          setParams({ verifySignatures: isOn });
        }}
      />
      <Switch
        label="Keep packet headers"
        isOn={keepsPackets.value}
        onChange={(isOn) => (keepsPackets.value = isOn)}
      />
      <Switch
        label="Hold up when it ends"
        isOn={holdsUp.value}
        onChange={(isOn) => (holdsUp.value = isOn)}
      />
      <JudgementFields state={state} />
      <TopologyField />
      <AccessFields />
      <PlacementFields state={state} />
      <HostFields state={state} />
      <ChaosFields state={state} />
      <DriftFields state={state} />
    </div>
  );
}
