public import Knowledge

/// The ControlNet that diffusers makes of a UNet (models/controlnets/controlnet.py, `from_unet`): a copy
/// of its first half and its middle, a small encoder for the picture that steers, and a convolution of
/// 1x1 behind everything that is handed on.
enum ControlBranch {
  /// Channels of the encoder for the picture (`conditioning_embedding_out_channels`).
  private static let encoderChannels = [16, 32, 96, 256]

  /// Nil if the part is no UNet.
  static func component(of unet: ComponentShapes) -> ComponentShapes? {
    let copied = ["time_embedding.", "add_embedding.", "conv_in", "down_blocks.", "mid_block."]
    let first = unet.layers.first { $0.path == "conv_in" }
    guard let first, unet.layers.contains(where: { $0.path.hasPrefix("down_blocks.") }) else {
      return nil
    }
    var layers = unet.layers.filter { layer in copied.contains { layer.path.hasPrefix($0) } }
    var tensors: [ComponentShapes.LooseTensor] = []
    for layer in layers {
      // Which norms stand before which layers: diffusers' ResnetBlock2D, Transformer2DModel and
      // BasicTransformerBlock.
      let name = layer.path.split(separator: ".").last ?? ""
      let norms: Int
      if ["conv1", "conv2", "proj_in"].contains(name) {
        norms = 1
      } else if layer.path.hasSuffix("attn1.to_q") {
        norms = 3
      } else {
        continue
      }
      tensors.append(
        .init(kind: "norm", shape: [layer.inputs], count: 2 * norms * layer.count))
    }
    let behind = "controlnet_down_blocks.*"
    var handedOn = [(path: behind, channels: first.outputs, count: 1)]
    for layer in layers where layer.path.hasPrefix("down_blocks.") {
      if layer.path.hasSuffix(".conv1") || layer.path.contains(".downsamplers.") {
        handedOn.append((behind, layer.outputs, layer.count))
      }
    }
    if let middle = layers.first(where: {
      $0.path.hasPrefix("mid_block.") && $0.path.hasSuffix("conv1")
    }) {
      handedOn.append(("controlnet_mid_block", middle.outputs, 1))
    }
    layers += handedOn.map {
      .init(
        path: $0.path, count: $0.count, inputs: $0.channels,
        outputs: $0.channels, kernel: [1, 1], hasBias: true)
    }
    layers += encoder(outputs: first.outputs)
    let parameters =
      layers.reduce(0) { $0 + $1.count * ($1.weightCount + ($1.hasBias ? $1.outputs : 0)) }
      + tensors.reduce(0) { $0 + $1.count * $1.shape.reduce(1, *) }
    return ComponentShapes(
      id: "\(unet.id)+controlnet", parameters: parameters, buffers: 0, verified: unet.verified,
      source: "diffusers models/controlnets/controlnet.py", layers: layers, tensors: tensors)
  }

  private static func encoder(outputs: Int) -> [ComponentShapes.Layer] {
    func layer(_ name: String, _ inputs: Int, _ outputs: Int) -> ComponentShapes.Layer {
      .init(
        path: "controlnet_cond_embedding.\(name)", inputs: inputs, outputs: outputs,
        kernel: [3, 3], hasBias: true)
    }
    var layers = [layer("conv_in", 3, encoderChannels[0])]
    for (small, large) in zip(encoderChannels, encoderChannels.dropFirst()) {
      layers.append(layer("blocks.*", small, small))
      layers.append(layer("blocks.*", small, large))
    }
    return layers + [layer("conv_out", encoderChannels[3], outputs)]
  }
}

extension MemoryRun {
  /// Adds the ControlNet that is trained beside the denoiser.
  /// - Throws: If the model's ControlNet is not known.
  public mutating func addControlNet(format: WeightFormat) throws(MemoryUnknown) {
    guard family.isUNet, let place = parts.firstIndex(where: { $0.role == .denoiser }),
      let component = parts[place].component, let branch = ControlBranch.component(of: component)
    else { throw .model("the size of a ControlNet for \(family.title) is not worked out") }
    var part = Part(.control, "controlnet", branch, format: format)
    part.isTrained = true
    part.checkpointing = parts[place].checkpointing
    parts[place].isTrained = false
    parts.append(part)
  }
}
